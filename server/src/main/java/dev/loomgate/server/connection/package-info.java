/// The loop's side of connections and requests, whatever the protocol: nothing here waits.
///
/// [ServerLoop][dev.loomgate.server.connection.ServerLoop] is one loop's share of the server,
/// [Connection][dev.loomgate.server.connection.Connection] the life of a socket, and
/// [SingleExchange][dev.loomgate.server.connection.SingleExchange] the life of one request on it. Protocols extend
/// [SerialConnection][dev.loomgate.server.connection.SerialConnection] and are made by a
/// [ConnectionFactory][dev.loomgate.server.connection.ConnectionFactory]; none is named here. How a listener gets its
/// connections is not known here either.
///
/// Not exported.
package dev.loomgate.server.connection;
