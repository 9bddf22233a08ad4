/// Listening: server channels, and which loop gets an accepted connection.
///
/// [Listener][dev.loomgate.server.listen.Listener] knows channels and addresses but no protocol, and stops
/// accepting while no loop has room.
///
/// Not exported.
package dev.loomgate.server.listen;
