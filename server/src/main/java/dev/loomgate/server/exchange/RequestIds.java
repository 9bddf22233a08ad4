package dev.loomgate.server.exchange;

import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.Variables;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Which id a request has. One that is made here is this process's mark, the same for all its requests, and their
/// number: `k3x9mq2a-1f`. The mark is 40 random bits, so that ids of a later process are others.
public final class RequestIds {
    /// Where proxies put theirs: nginx's `$request_id`, HAProxy's `unique-id-header`, Envoy, Heroku.
    static final String FIELD = "HTTP_X_REQUEST_ID";

    private static final int MARK_BITS = 40;
    private static final int RADIX = 32;
    private static final int MARK_LENGTH = 8;
    private static final String MARK = mark();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private RequestIds() {}

    private static String mark() {
        long random = new SecureRandom().nextLong() >>> (Long.SIZE - MARK_BITS);
        String text = Long.toString(random, RADIX);
        return "0".repeat(MARK_LENGTH - text.length()) + text + '-';
    }

    /// The request's own, if that is acceptable, or a new one. Any thread.
    public static String of(Variables request) {
        String told = request instanceof PacketFacts facts ? facts.requestId() : null;
        if (told != null && LogId.isAcceptable(told)) {
            return told;
        }
        return request.get(FIELD) instanceof String own && LogId.isAcceptable(own) ? own : next();
    }

    private static String next() {
        return MARK + Long.toString(NUMBERS.incrementAndGet(), RADIX);
    }
}
