package dev.loomgate.server.call;

import dev.loomgate.gateway.EarlyHints;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Offload;
import dev.loomgate.gateway.Trailers;
import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.websocket.OpeningHandshake;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A protocol's variables, and the objects that every container adds: `wsgi.*`, and this one's own `loomgate.*`.
final class WsgiVariables implements Variables {
    private static final String CLIENT_GONE = "loomgate.client_gone";
    private static final String STOPPING = "loomgate.stopping";
    private static final String WEB_SOCKET = "loomgate.websocket";
    private static final String EARLY_HINTS = "loomgate.early_hints";
    private static final String ROUTE = "loomgate.route";
    private static final String REQUEST_ID = "loomgate.request_id";
    private static final String TRAILERS = "loomgate.trailers";
    private static final String OFFLOAD_KEY = "loomgate.offload";
    private static final Offload OFFLOAD = Loop::offload;
    private static final String LOG_VARIABLES = "loomgate.log_variables";

    private final Exchange exchange;
    private final Variables protocol;
    private final RequestBody body;
    private final boolean multithreaded;
    private @Nullable PrintWriter errors;
    private @Nullable EarlyHints hints;
    private @Nullable Consumer<String> route;
    private @Nullable Trailers trailers;

    WsgiVariables(Exchange exchange, boolean multithreaded) {
        this.exchange = exchange;
        this.protocol = exchange.variables();
        this.body = exchange.body();
        this.multithreaded = multithreaded;
    }

    @Override
    public @Nullable Object get(String key) {
        if (!key.startsWith("wsgi.")) {
            return switch (key) {
                case CLIENT_GONE -> exchange.clientGone().stage();
                case STOPPING -> exchange.stopping().stage();
                case WEB_SOCKET -> webSocket();
                case EARLY_HINTS -> earlyHints();
                case ROUTE -> route();
                case REQUEST_ID -> exchange.logId();
                case TRAILERS -> trailers();
                case OFFLOAD_KEY -> OFFLOAD;
                case LOG_VARIABLES -> exchange.logVariables();
                default -> protocol.get(key);
            };
        }
        return switch (key) {
            case "wsgi.input" -> body;
            case "wsgi.errors" -> errors();
            case "wsgi.input_terminated" -> true;
            case "wsgi.multithread" -> multithreaded;
            case "wsgi.multiprocess", "wsgi.run_once" -> false;
            default -> protocol.get(key);
        };
    }

    @Override
    public void forEach(BiConsumer<? super String, Object> action) {
        protocol.forEach(action);
        action.accept("wsgi.input", body);
        action.accept("wsgi.errors", errors());
        action.accept("wsgi.input_terminated", true);
        action.accept("wsgi.multithread", multithreaded);
        action.accept("wsgi.multiprocess", false);
        action.accept("wsgi.run_once", false);
        action.accept(CLIENT_GONE, exchange.clientGone().stage());
        action.accept(STOPPING, exchange.stopping().stage());
        WebSocketHandshake webSocket = webSocket();
        if (webSocket != null) {
            action.accept(WEB_SOCKET, webSocket);
        }
        EarlyHints offered = earlyHints();
        if (offered != null) {
            action.accept(EARLY_HINTS, offered);
        }
        Consumer<String> route = route();
        if (route != null) {
            action.accept(ROUTE, route);
        }
        action.accept(REQUEST_ID, exchange.logId());
        Trailers follow = trailers();
        if (follow != null) {
            action.accept(TRAILERS, follow);
        }
        action.accept(OFFLOAD_KEY, OFFLOAD);
        action.accept(LOG_VARIABLES, exchange.logVariables());
    }

    // The same one each time: an environ answers the same, however it is looked at.
    private @Nullable Consumer<String> route() {
        Consumer<String> made = route;
        if (made == null && exchange.takesRoute()) {
            made = exchange::routedBy;
            route = made;
        }
        return made;
    }

    private @Nullable EarlyHints earlyHints() {
        EarlyHints made = hints;
        if (made == null && exchange.takesEarlyHints()) {
            made = this::sendHints;
            hints = made;
        }
        return made;
    }

    private void sendHints(List<String> links) {
        Headers fields = new Headers();
        links.forEach(link -> fields.add("Link", link));
        if (!links.isEmpty()) {
            exchange.hint(fields);
        }
    }

    private @Nullable Trailers trailers() {
        Trailers made = trailers;
        if (made == null && exchange.takesTrailers()) {
            made = fields -> exchange.endWith(TrailerFields.checked(fields));
            trailers = made;
        }
        return made;
    }

    private @Nullable WebSocketHandshake webSocket() {
        OpeningHandshake handshake = exchange.handshake();
        return handshake == null ? null : handshake.offer();
    }

    @Override
    public void forEachText(BiConsumer<? super String, ? super String> action) {
        protocol.forEachText(action);
    }

    @Override
    public boolean forEachUndecoded(Undecoded action) {
        return protocol.forEachUndecoded(action);
    }

    @Override
    public boolean forEachApart(BiConsumer<? super String, ? super String> variable, Undecoded field) {
        return protocol.forEachApart(variable, field);
    }

    private PrintWriter errors() {
        PrintWriter made = errors;
        if (made == null) {
            made = new PrintWriter(new WsgiErrors(), true);
            errors = made;
        }
        return made;
    }
}
