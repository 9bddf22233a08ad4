/// Server-sent events: what one is, a stream of them as a response's body, and topics that many clients listen to.
///
/// [Event] is one in the form of the wire, [EventStream] sends what a program gives it, a [Topic] sends what is
/// published to all who have subscribed. A response of them is made by `Response.events`; a body alone, for an
/// application that starts its response itself, by [EventStream#body] and [Topic#body].
///
/// Nothing here knows requests and responses of the toolkit.
package dev.loomgate.toolkit.events;
