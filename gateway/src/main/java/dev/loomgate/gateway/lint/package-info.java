/// Holds an application and its container to the specification while they run: [Lint], a middleware.
///
/// Each check names the clause that it checks; the tests break every clause and use every permission, so that none is
/// decoration. The checks are in rooms by what they look at, each of which knows only those below it:
/// ```
///   lint        Lint, a call, and the hooks
///   request     the environ, its input, its errors        response   its start, its body, a WebSocket
///   exchange    how far a request has come, and what was found wrong
/// ```
package dev.loomgate.gateway.lint;
