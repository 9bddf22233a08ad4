/// Unix sockets on epoll, made for connections that live as long as one request.
///
/// Not exported. [UnixChannels][dev.loomgate.server.unix.UnixChannels] is what the rest of the server sees: these are
/// Netty channels like others. No protocol is known here, and no path: `bind` prepares those.
package dev.loomgate.server.unix;
