/// TLS (RFC 8446, RFC 5246) before a connection's protocol: certificates by the name that the client asks for,
/// which can be replaced while the server runs, and the handshake, which also decides on the protocol (ALPN,
/// RFC 7301).
///
/// Not exported.
package dev.loomgate.server.tls;
