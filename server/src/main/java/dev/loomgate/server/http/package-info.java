/// HTTP/1.1: bytes of a connection in, requests or refusals out, and responses framed.
///
/// [HeadReader][dev.loomgate.server.http.HeadReader], [HeadParser][dev.loomgate.server.http.HeadParser] and
/// [ChunkedReader][dev.loomgate.server.http.ChunkedReader] are pure: no channel, no clock, no log.
/// [HttpConnection][dev.loomgate.server.http.HttpConnection] puts them to work. They accept one reading of a
/// message or none (RFC 9112): whatever two implementations could understand differently is refused, and nothing
/// after it is read.
///
/// Not exported.
package dev.loomgate.server.http;
