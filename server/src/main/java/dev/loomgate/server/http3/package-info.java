/// HTTP/3 (RFC 9114): requests on the streams of a QUIC connection, over UDP.
///
/// Netty has QUIC (quiche) and HTTP/3's frames. A [QuicListener][dev.loomgate.server.http3.QuicListener] has the UDP
/// socket and all its connections on one loop, an [Http3Connection][dev.loomgate.server.http3.Http3Connection] what its
/// streams share, and an [Http3Stream][dev.loomgate.server.http3.Http3Stream] is one request. What a request may look
/// like is in `http`, what a stream is made of in `stream`.
///
/// Not exported.
package dev.loomgate.server.http3;
