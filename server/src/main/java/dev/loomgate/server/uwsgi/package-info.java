/// The uwsgi protocol: one packet a connection, its body, and a response in plain HTTP.
///
/// [UwsgiDecoder][dev.loomgate.server.uwsgi.UwsgiDecoder] is pure (no channel, no event loop, no clock, no log):
/// bytes of a packet in, a request or a refusal with its reason out.
/// [UwsgiConnection][dev.loomgate.server.uwsgi.UwsgiConnection] feeds it and owns the channel. What the packet's
/// variables mean is in `cgi`. Nothing that a packet says is ever a command: `UWSGI_*` variables are data, and only the
/// modifiers that run the application do so.
///
/// Not exported.
package dev.loomgate.server.uwsgi;
