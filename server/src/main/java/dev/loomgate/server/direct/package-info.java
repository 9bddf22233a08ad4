/// Direct mode, as the server sees it: listening sockets whose connections the application's processes take.
///
/// [DirectListener][dev.loomgate.server.direct.DirectListener] decides when the server accepts as well, and takes what
/// the processes hand over. What the processes are, and how they are spoken to, is not known here: that is
/// [DirectApplication][dev.loomgate.gateway.direct.DirectApplication]. Nor is the protocol: a
/// [DirectConnectionFactory][dev.loomgate.server.connection.DirectConnectionFactory] speaks it.
///
/// Not exported.
package dev.loomgate.server.direct;
