/// Requests and responses after Werkzeug, over the gateway interface.
///
/// [Request] reads an environ, [Response] is an application that answers with itself; [MultiMap], [Cookie] and
/// [JsonCodec] serve both. Errors are in `exceptions`, what headers say in `headers`, URLs in `routing`, classes
/// that answer URLs in `resources`, what stands before applications in `middleware`, the client for tests in
/// `test`. No server and no event loop: this runs on any gateway server.
package dev.loomgate.toolkit;
