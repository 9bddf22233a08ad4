package dev.loomgate.server.exchange;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/// The answer to a request that failed: status and a short text that gives nothing away.
public record ErrorPage(Status status, String text) {
    private static final int UPGRADE_REQUIRED = 426;

    // What a middleware says of the content that it was to send.
    private static final String[] OF_ANOTHER = {
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Length",
        "Content-Range",
        "ETag",
        "Expires",
        "Last-Modified"
    };

    /// What a client reads whose request is refused.
    public static ErrorPage of(Refusal refusal) {
        return new ErrorPage(Status.of(refusal.status()), refusal.text());
    }

    /// A 500; in development it shows what happened.
    public static ErrorPage of(Throwable thrown, boolean development) {
        return new ErrorPage(
                Status.INTERNAL_SERVER_ERROR,
                development ? stackOf(thrown) : "the application failed; the server's log says why");
    }

    private static String stackOf(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    /// The page as it is sent.
    public byte[] content() {
        return (status + "\n\n" + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// The head of a response with this page.
    ///
    /// @param headers those that the page has beside its own
    public ResponseHead head(Headers headers, int length, boolean headRequest) {
        for (String name : OF_ANOTHER) {
            headers.remove(name);
        }
        headers.set("Content-Type", "text/plain; charset=utf-8").set("Cache-Control", "no-store");
        if (status.code() == UPGRADE_REQUIRED) {
            headers.set("Sec-WebSocket-Version", "13"); // RFC 6455 section 4.4
        }
        return new ResponseHead(status, headers, length, headRequest);
    }

    /// Makes this the exchange's response.
    ///
    /// @param headers those that the page has beside its own
    public void answer(Exchange exchange, Headers headers) {
        byte[] content = content();
        exchange.whole(head(headers, content.length, exchange.isHeadRequest()), content);
    }
}
