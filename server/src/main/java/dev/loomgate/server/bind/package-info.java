/// Where a server listens, below the channels: unix sockets in the file system with the right mode, and who may
/// connect to a TCP socket.
///
/// [UnixSocketFile][dev.loomgate.server.bind.UnixSocketFile] is the life of a socket's file,
/// [AllowedPeers][dev.loomgate.server.bind.AllowedPeers] the allow-list,
/// [HostAddresses][dev.loomgate.server.bind.HostAddresses] what a name stands for. Nothing here opens a channel or
/// knows a protocol. Starting touches the file system and may block: not for a loop that serves.
///
/// Not exported.
package dev.loomgate.server.bind;
