/// SCGI, as nginx's `scgi_pass` and Apache's mod_proxy_scgi speak it.
///
/// [ScgiDecoder] turns bytes into a request or a refusal, whose reason goes to the log and whose text goes to the
/// client; the rest of a connection is [PacketConnection][dev.loomgate.server.packet.PacketConnection].
///
/// Not exported.
package dev.loomgate.server.scgi;
