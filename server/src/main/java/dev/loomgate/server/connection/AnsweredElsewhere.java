package dev.loomgate.server.connection;

import dev.loomgate.server.observe.RequestOutcome;

/// What came of a request that a process has answered without the server in between.
record AnsweredElsewhere(int status, long bytesSent, long nanos) implements RequestOutcome {}
