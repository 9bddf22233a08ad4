package dev.loomgate.server.exchange;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/// The answer to a request that failed: status and a short text that gives nothing away.
record ErrorPage(Status status, String text) {
    static ErrorPage of(Refusal refusal) {
        return new ErrorPage(Status.of(refusal.status()), refusal.text());
    }

    /// A 500; in development it shows what happened.
    static ErrorPage of(Throwable thrown, boolean development) {
        return new ErrorPage(
                Status.INTERNAL_SERVER_ERROR,
                development ? stackOf(thrown) : "the application failed; the server's log says why");
    }

    private static String stackOf(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    byte[] content() {
        return (status + "\n\n" + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    ResponseHead head(int length, boolean headRequest) {
        Headers headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "no-store");
        return new ResponseHead(status, headers, length, headRequest);
    }

    /// Makes this the exchange's response.
    void answer(Exchange exchange, boolean headRequest) {
        byte[] content = content();
        exchange.whole(head(content.length, headRequest), content);
    }
}
