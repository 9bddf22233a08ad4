/// What a request's stream is made of where a connection has many of them, whatever its frames: its body on the way in,
/// its response's fields and content on the way out; and what is counted of a client that floods the connection.
///
/// It knows no frames, no windows and no errors of a protocol: those are the protocol's.
///
/// Not exported.
package dev.loomgate.server.stream;
