/// Listening: how clients come in, and which loop gets a connection.
///
/// A [Listener][dev.loomgate.server.listen.Listener] is what the server starts and stops;
/// [SocketListener][dev.loomgate.server.listen.SocketListener] is one on a server socket. It knows channels and
/// addresses but no protocol, and stops accepting while no loop has room.
///
/// Not exported.
package dev.loomgate.server.listen;
