package dev.loomgate.server.connection;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.server.observe.RequestOutcome;
import org.jspecify.annotations.Nullable;

/// What came of a request without an exchange: a process has answered it, or its head was refused.
///
/// @param details what the process has told more of; null if it has not
record AnsweredElsewhere(
        int status, long bytesSent, long nanos, @Nullable AnswerDetails details) implements RequestOutcome {
    @Override
    public int headBytes() {
        return details == null ? UNKNOWN : details.headBytes();
    }

    @Override
    public int headerCount() {
        return details == null ? UNKNOWN : details.headerCount();
    }

    @Override
    public boolean isFile() {
        return false;
    }

    @Override
    public boolean isCutOff() {
        return false;
    }
}
