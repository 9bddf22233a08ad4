/// Checks what the application answers, and how the container takes it: the start, the body of each kind with what goes
/// through it, its closing.
///
/// Not exported. Start and body are in one room, since the one can't be judged without the other: a body's length
/// against its `Content-Length`, a start that comes after content, a WebSocket that was accepted.
package dev.loomgate.gateway.lint.response;
