/// Connections that carry one request as CGI variables, whatever the layout of these.
///
/// [PacketConnection][dev.loomgate.server.packet.PacketConnection] feeds a protocol's decoder and has the request
/// answered; [PacketConnectionFactory][dev.loomgate.server.packet.PacketConnectionFactory] knows who may connect. No
/// parsing: that is the protocol's, and `cgi`'s.
///
/// Not exported.
package dev.loomgate.server.packet;
