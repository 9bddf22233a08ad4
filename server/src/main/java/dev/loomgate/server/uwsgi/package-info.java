/// The uwsgi protocol: bytes of a packet in, a request or a spoken refusal out.
///
/// [UwsgiDecoder][dev.loomgate.server.uwsgi.UwsgiDecoder] reads a packet,
/// [UwsgiVariables][dev.loomgate.server.uwsgi.UwsgiVariables] shows it as an environ's variables. Everything here
/// is pure: no channel, no event loop, no clock and no log; the connection that feeds it owns those. Nothing that
/// a packet says is ever a command: `UWSGI_*` variables are data, and only the modifiers that run the application
/// do so.
///
/// Not exported.
package dev.loomgate.server.uwsgi;
