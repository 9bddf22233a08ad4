package dev.loomgate.server;

/// How the access log writes a request.
public enum AccessLogFormat {
    /// One line after the common log format, with the time taken at its end.
    TEXT,
    /// One JSON object a line.
    JSON
}
