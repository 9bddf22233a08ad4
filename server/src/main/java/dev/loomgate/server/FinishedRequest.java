package dev.loomgate.server;

import dev.loomgate.gateway.Variables;
import java.time.Duration;
import java.util.Map;

/// A request that is over, as those are told of it who [observe][Server.Builder#observe]. Valid during that call.
///
/// @param variables the request's variables and `wsgi.url_scheme`, without what the application has changed
/// @param route the template by which the application has routed it, such as `/user/<name>`, and never its path; empty
/// if nobody has told it
/// @param logVariables what the application wants to see in the access log; empty if nothing
/// @param status that was sent, or with which the request was refused; 499, as in nginx, if the client disconnected
/// before there was one
/// @param sentBytes of content, without heads and framing
/// @param duration from the end of the request's head to that of the response; a WebSocket's is its whole life
/// @param cutOff whether the client disconnected before the end of the response
public record FinishedRequest(
        Variables variables,
        String route,
        Map<String, String> logVariables,
        int status,
        long sentBytes,
        Duration duration,
        boolean cutOff) {
    /// A variable of the request that is text, such as `REQUEST_METHOD`; or `otherwise`. Of a request whose head was
    /// refused there may be none.
    public String text(String name, String otherwise) {
        return variables.get(name) instanceof String text ? text : otherwise;
    }
}
