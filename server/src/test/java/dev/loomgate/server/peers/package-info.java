/// The real programs that a server meets, started and ended by tests, and clients that say exactly the bytes they
/// are told to.
///
/// [Nginx][dev.loomgate.server.peers.Nginx], [Uwsgi][dev.loomgate.server.peers.Uwsgi] and
/// [Gunicorn][dev.loomgate.server.peers.Gunicorn] run Debian's packages;
/// [RawClient][dev.loomgate.server.peers.RawClient] and [UwsgiPacket][dev.loomgate.server.peers.UwsgiPacket] can
/// also be wrong on purpose. All of them have deadlines. Nothing here knows the server under test.
package dev.loomgate.server.peers;
