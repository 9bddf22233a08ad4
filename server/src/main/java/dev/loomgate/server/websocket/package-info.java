/// WebSockets (RFC 6455, RFC 7692): the handshake's fields, frames in and out, and the socket that an application has.
///
/// [FrameReader][dev.loomgate.server.websocket.FrameReader] is pure: bytes in, messages out; no channel, no clock, no
/// log. [OpenSocket][dev.loomgate.server.websocket.OpenSocket] has two faces: that of the application's threads, which
/// wait, and that of the loop side, which doesn't. It knows nothing of what carries its bytes: a connection after a
/// 101, or one stream of many.
///
/// This is below `exchange`; it uses no other package of the server.
///
/// Not exported.
package dev.loomgate.server.websocket;
