/// What a handler has in its hands, after Werkzeug and over the gateway interface.
///
/// [Request] reads an environ, [Response] is an application that answers with itself, [Session] is what is remembered
/// of a client; [MultiMap], [Cookie] and [JsonCodec] serve them. What puts a site together is in packages of its own:
///
/// | package | has |
/// |---|---|
/// | `routing` | rules and the map of URLs; `routing.converters` what their variables may be |
/// | `resources` | classes that answer URLs, and the application over them |
/// | `events` | server-sent events, and topics that many listen to |
/// | `exceptions` | HTTP errors, to be thrown |
/// | `headers` | what headers say, as values |
/// | `security` | guards of an application |
/// | `middleware` | what stands before applications; with `sessions`, `files`, `proxy` and `debug` |
/// | `test` | a client for tests |
///
/// A method that returns a changed copy of something immutable is called `withX`, or `asX` where the copy is something
/// else (`Rule.asAlias`). What changes in place, and builders, have the bare name and return themselves.
///
/// No server and no event loop: this runs on any gateway server.
package dev.loomgate.toolkit;
