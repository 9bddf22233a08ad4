/// HTTP/2 (RFC 9113): many requests at once on a connection, each a stream.
///
/// Netty reads single frames, and decodes and encodes field blocks (RFC 7541); streams, their states, windows and
/// order are here. An [Http2Connection][dev.loomgate.server.http2.Http2Connection] has the socket and the streams, a
/// [FrameHandler][dev.loomgate.server.http2.FrameHandler] knows what each frame means to them, and an
/// [Http2Stream][dev.loomgate.server.http2.Http2Stream] is one request. What a request may look like is in `http`,
/// which has the rules for HTTP/1.1. A stream may be a WebSocket's (RFC 8441): then its bytes go to and from an
/// `OpenSocket`, and [SocketInput][dev.loomgate.server.http2.SocketInput] counts the client's window.
///
/// Not exported.
package dev.loomgate.server.http2;
