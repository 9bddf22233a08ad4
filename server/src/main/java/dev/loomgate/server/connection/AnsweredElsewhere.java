package dev.loomgate.server.connection;

import dev.loomgate.server.observe.RequestOutcome;

/// What came of a request without an exchange: a process has answered it, or its head was refused.
record AnsweredElsewhere(int status, long bytesSent, long nanos) implements RequestOutcome {}
