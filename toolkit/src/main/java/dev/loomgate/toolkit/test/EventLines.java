package dev.loomgate.toolkit.test;

import dev.loomgate.toolkit.events.Event;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads events out of a stream's bytes, in pieces of any size. What only sets the client's time to wait is an
/// event, too; comments are none. For one thread.
///
/// Source: HTML Living Standard, section "Server-sent events", "Interpreting an event stream".
final class EventLines {
    private final Consumer<Event> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterReturn;

    private @Nullable StringBuilder data;
    private String name = "";
    private @Nullable String id;
    private @Nullable Duration retry;

    /// @param events is given each event
    EventLines(Consumer<Event> events) {
        this.events = events;
    }

    void add(byte[] piece) {
        for (byte b : piece) {
            boolean secondOfTwo = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (b != '\n' && b != '\r') {
                line.write(b);
            } else if (!secondOfTwo) {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                take(text);
            }
        }
    }

    private void take(String text) {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "data" -> {
                data = data == null ? new StringBuilder() : data.append('\n');
                data.append(value);
            }
            case "event" -> name = value;
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" -> retry = value.matches("[0-9]{1,15}") ? Duration.ofMillis(Long.parseLong(value)) : retry;
            default -> {} // a comment, whose field is empty, and what the standard doesn't know
        }
    }

    private void dispatch() {
        Event event = data != null ? Event.of(data.toString()) : retry != null ? Event.ofRetry(retry) : null;
        if (event != null) {
            if (data != null && retry != null) {
                event = event.withRetry(retry);
            }
            if (!name.isEmpty()) {
                event = event.withName(name);
            }
            events.accept(id == null ? event : event.withId(id));
        }
        data = null;
        name = "";
        id = null;
        retry = null;
    }
}
