/// The gateway interface between a container and an application, after PEP 3333.
///
/// Here live the types that both sides name: [Application], [Middleware], [Environ], [StartResponse], [Headers],
/// [Status], [Body] and [Lifecycle]; and what servers and toolkits both need where they read what comes from outside:
/// [Quoting] and [AddressBlock]. No server, no event loop, no toolkit: what a container or an application needs
/// beyond the contract belongs to them.
package dev.loomgate.gateway;
