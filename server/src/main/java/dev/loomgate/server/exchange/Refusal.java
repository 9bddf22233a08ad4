package dev.loomgate.server.exchange;

/// Why a request is not served: what the client is told, and what the operator reads in the log.
///
/// @param status the answer's status, 400 to 599
/// @param text one sentence for the client; says nothing about the server's inside
/// @param logLine one line for the operator: what happened, the value, the limit and its option
public record Refusal(int status, String text, String logLine) {}
