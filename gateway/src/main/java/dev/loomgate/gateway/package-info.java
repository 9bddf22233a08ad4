/// The gateway interface between a container and an application, after PEP 3333.
///
/// Here live the types that both sides name: [Application], [Middleware], [Environ], [StartResponse], [Headers],
/// [Status], [Body] and [Lifecycle]; and what servers and toolkits both need where they read what comes from outside:
/// [Quoting] and [AddressBlock]. No server, no event loop, no toolkit: what a container or an application needs
/// beyond the contract belongs to them.
///
/// The contract is one room, though a large one: it is read in one place. Its types name each other in circles, and
/// have to. A [Body] may be a [WebSocket]'s, which is accepted by a [WebSocketHandshake], which the [Environ] gives and
/// which makes a `Body`. What holds both sides to the contract is apart: the packages `specification` and `lint`.
package dev.loomgate.gateway;
