package dev.loomgate.redis;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.time.Duration;

/// Redis can't be asked now, or hasn't answered in time: then what was asked for may be done, or not.
///
/// Control flow: each feature makes of it what its setting says. Without a stack, since there may be
/// thousands a second.
final class RedisGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    // It is looked for four times a second.
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    RedisGone(String message) {
        super(message, null, false, false);
    }

    /// What a client gets that can't be served without.
    static ServiceUnavailable refusal() {
        return new ServiceUnavailable(RETRY_AFTER);
    }
}
