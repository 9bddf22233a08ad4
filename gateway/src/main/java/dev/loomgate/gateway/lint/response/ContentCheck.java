package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.util.OptionalLong;

/// Counts a body's bytes on their way to the container, and holds them against the response's head.
final class ContentCheck {
    private final LintedStart start;
    private final Exchange exchange;
    private long count;

    ContentCheck(LintedStart start, Exchange exchange) {
        this.start = start;
        this.exchange = exchange;
    }

    /// Before `bytes` go to the container.
    void handsOver(long bytes) {
        start.checkCausePassedOn();
        if (bytes == 0) {
            return;
        }
        count += bytes;
        int code = start.status().code();
        exchange.check(
                code != 204 && code != 205 && code != 304,
                Clause.NO_CONTENT,
                "the status is " + start.status() + ", and the body has " + count + " bytes");
        exchange.check(
                start.headers().contains("Content-Type"),
                Clause.TYPE_OF_CONTENT,
                "no Content-Type, and the body has " + count + " bytes");
        declared().ifPresent(length -> exchange.check(count <= length, Clause.LENGTH_KEPT, against(length)));
        start.handedOver();
    }

    /// After the last byte.
    void ended() {
        start.checkCausePassedOn();
        boolean mayBeEmpty = exchange.isHead() || start.status().code() == 304;
        if (!mayBeEmpty) {
            declared().ifPresent(length -> exchange.check(count == length, Clause.LENGTH_KEPT, against(length)));
        }
    }

    private String against(long length) {
        return "Content-Length is " + length + ", the body has " + count + " bytes";
    }

    private OptionalLong declared() {
        return start.headers().first("Content-Length").stream()
                .mapToLong(Long::parseLong)
                .findFirst();
    }
}
