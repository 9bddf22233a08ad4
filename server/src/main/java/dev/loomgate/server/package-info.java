/// The container: listens, turns requests into calls of the gateway interface, and writes the responses.
///
/// [Server] is the way in; it takes [ListenAddress]es and [ServerOptions]. Everything else lives in packages that are
/// not exported: `exchange` (a request), `call` (the microthread's side), `connection` (the loop's side), the protocols
/// and what they share, and listening.
package dev.loomgate.server;
