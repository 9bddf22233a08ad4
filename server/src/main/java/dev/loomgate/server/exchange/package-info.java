/// One request from its first variable to its response's last byte, whatever the protocol.
///
/// Two sides meet here. The *microthread* (`call`) runs the application and may wait; the *loop side* (`connection`)
/// owns the channel and never waits. They share an [Exchange][dev.loomgate.server.exchange.Exchange], a
/// [RequestBody][dev.loomgate.server.exchange.RequestBody] on the way in and an
/// [Outlet][dev.loomgate.server.exchange.Outlet] on the way out, both bounded; nothing else crosses. Where the response
/// goes, an exchange knows as a [ResponseStream][dev.loomgate.server.exchange.ResponseStream] only.
///
/// This is the ground floor: it knows no other package of the server, and no protocol.
///
/// Not exported.
package dev.loomgate.server.exchange;
