/// The gateway interface between a container and an application, after PEP 3333.
///
/// Here live the types that both sides name: [Application], [Middleware], [Environ], [StartResponse], [Headers],
/// [Status], [Body] and [Lifecycle]. No server, no event loop, no toolkit: whatever a container or an application
/// needs beyond the contract belongs to them.
package dev.loomgate.gateway;
