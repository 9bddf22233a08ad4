/// One request from its first variable to its response's last byte, whatever the protocol.
///
/// Two sides meet here. The *loop side* ([Connection][dev.loomgate.server.exchange.Connection],
/// [Exchange][dev.loomgate.server.exchange.Exchange], [ServerLoop][dev.loomgate.server.exchange.ServerLoop]) owns
/// the channel and never waits. The *microthread*
/// ([ApplicationCall][dev.loomgate.server.exchange.ApplicationCall]) runs the application and may. They share
/// [RequestBody][dev.loomgate.server.exchange.RequestBody] on the way in and
/// [Outlet][dev.loomgate.server.exchange.Outlet] on the way out, both bounded; nothing else crosses.
///
/// Not exported.
package dev.loomgate.server.exchange;
