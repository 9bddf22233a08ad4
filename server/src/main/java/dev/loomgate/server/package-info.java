/// The container: listens, turns requests into calls of the gateway interface, and writes the responses.
///
/// [Server] is the way in; it takes [ListenAddress]es and [ServerOptions]. Protocols, the exchange of one request
/// and everything that knows of Netty live in packages that are not exported.
package dev.loomgate.server;
