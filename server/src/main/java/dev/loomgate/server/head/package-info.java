/// The heads of HTTP/1 responses as text, which HTTP/1.1 and the CGI-like protocols have in common.
///
/// Bytes only: no channel, no request, and nothing about framing or a connection's end, which are the protocol's.
///
/// Not exported.
package dev.loomgate.server.head;
