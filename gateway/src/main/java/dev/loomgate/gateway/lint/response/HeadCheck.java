package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.Clause;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What an application passes to `startResponse`.
final class HeadCheck {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

    private final Status status;
    private final Headers headers;
    private final Exchange exchange;

    HeadCheck(Status status, Headers headers, Exchange exchange) {
        this.status = status;
        this.headers = headers;
        this.exchange = exchange;
    }

    void run() {
        boolean switching = status.code() == Status.SWITCHING_PROTOCOLS.code();
        exchange.check(status.code() >= 200 || switching, Clause.FINAL_STATUS, "the status is " + status);
        if (switching) {
            checkHandshake();
        }
        headers.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            exchange.check(!HOP_BY_HOP.contains(lowerCase), Clause.HOP_BY_HOP, show(name, value));
            exchange.check(!lowerCase.equals("status"), Clause.STATUS_FIELD, show(name, value));
        });
        List<String> lengths = headers.all("Content-Length");
        exchange.check(lengths.size() <= 1, Clause.LENGTH_FORM, "Content-Length occurs " + lengths.size() + " times");
        for (String length : lengths) {
            exchange.check(LENGTH.matcher(length).matches(), Clause.LENGTH_FORM, show("Content-Length", length));
            exchange.check(
                    status.code() != 204 && !switching, Clause.LENGTH_WITHOUT_CONTENT, show("Content-Length", length));
        }
    }

    private void checkHandshake() {
        WebSocketHandshake handshake = exchange.webSocket();
        if (handshake == null) {
            throw exchange.found(Clause.WEBSOCKET_OFFERED, "the status is " + status);
        }
        List<String> chosen = headers.all(SUBPROTOCOL);
        exchange.check(
                chosen.size() <= 1 && handshake.subprotocols().containsAll(chosen),
                Clause.WEBSOCKET_SUBPROTOCOL,
                "of the subprotocols %s, %s are set".formatted(handshake.subprotocols(), chosen));
        headers.forEach((name, value) -> exchange.check(
                name.equalsIgnoreCase(SUBPROTOCOL)
                        || !name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-"),
                Clause.WEBSOCKET_FIELDS,
                show(name, value)));
    }

    private static String show(String name, String value) {
        return name + " is " + Findings.show(value);
    }
}
