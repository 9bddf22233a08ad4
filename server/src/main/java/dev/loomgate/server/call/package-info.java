/// The microthread's side of a request: calls the application, and turns what it returns, or throws, into a response.
///
/// [Calls][dev.loomgate.server.call.Calls] is the way in. Everything here may wait, in a microthread; nothing here
/// knows a channel, a connection or a protocol. What it has to say goes through the
/// [Exchange][dev.loomgate.server.exchange.Exchange].
///
/// Not exported.
package dev.loomgate.server.call;
