package dev.loomgate.toolkit.events;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One event of a stream, immutable. Used by any thread.
///
/// ```text
/// event: price                     withName; without it, "message"
/// id: 42                           withId; the client says it again when it comes back
/// retry: 5000                      withRetry
/// data: {"share": "ACME",          each line of its data
/// data:  "euros": 12}
///                                  an empty line
/// ```
/// An event without data is none for the page; it still sets id and time of the client.
///
/// Source: HTML Living Standard, section "Server-sent events", "Parsing an event stream".
public final class Event {
    private final @Nullable String data;
    private final @Nullable String comment;
    private final @Nullable String name;
    private final @Nullable String id;
    private final @Nullable Duration retry;

    // Made once, by any thread that sends it; two that do so at once make the same.
    private volatile byte @Nullable [] encoded;

    private Event(
            @Nullable String data,
            @Nullable String comment,
            @Nullable String name,
            @Nullable String id,
            @Nullable Duration retry) {
        this.data = data;
        this.comment = comment;
        this.name = name;
        this.id = id;
        this.retry = retry;
    }

    /// An event with this data, of any number of lines. Lines may end with LF, CR or CRLF: the page gets LF.
    public static Event of(String data) {
        return new Event(data, null, null, null, null);
    }

    /// The same with data as bytes of UTF-8, as a JSON codec writes them:
    /// `Event.of(JsonCodec.jackson().write(price))`.
    public static Event of(byte[] data) {
        return of(new String(data, StandardCharsets.UTF_8));
    }

    /// What no page gets to see, such as a heartbeat of one's own.
    public static Event ofComment(String comment) {
        return new Event(null, comment, null, null, null);
    }

    /// No data, but how long clients are to wait before they connect again.
    ///
    /// @throws IllegalArgumentException if the time is negative
    public static Event ofRetry(Duration retry) {
        return new Event(null, null, null, null, notNegative(retry));
    }

    /// The same event with a name, by which a page listens to it: `source.addEventListener("price", ...)`.
    ///
    /// @throws IllegalArgumentException if the name has a line break, or is empty
    public Event withName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an event's name is empty");
        }
        return new Event(data, comment, singleLine("name", name), id, retry);
    }

    /// The same event with an id. The client sends the last one that it has seen as `Last-Event-ID` when it comes
    /// back; after an empty one, it sends none.
    ///
    /// @throws IllegalArgumentException if the id has a line break, or U+0000, with which clients ignore it
    public Event withId(String id) {
        if (id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an event's id has U+0000");
        }
        return new Event(data, comment, name, singleLine("id", id), retry);
    }

    /// The same event, which also says how long the client is to wait before it connects again.
    ///
    /// @throws IllegalArgumentException if the time is negative
    public Event withRetry(Duration retry) {
        return new Event(data, comment, name, id, notNegative(retry));
    }

    private static String singleLine(String part, String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("an event's " + part + " has a line break");
        }
        return text;
    }

    private static Duration notNegative(Duration retry) {
        if (retry.isNegative()) {
            throw new IllegalArgumentException("an event's retry is negative: " + retry);
        }
        return retry;
    }

    /// What the page gets; empty if it gets nothing.
    public Optional<String> data() {
        return Optional.ofNullable(data);
    }

    /// Its name, if it isn't the usual one.
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /// How long the client is to wait before it connects again, if the event says so.
    public Optional<Duration> retry() {
        return Optional.ofNullable(retry);
    }

    /// Its bytes in the stream, which nobody may change.
    byte[] encoded() {
        byte[] bytes = encoded;
        if (bytes == null) {
            bytes = text().getBytes(StandardCharsets.UTF_8);
            encoded = bytes;
        }
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        if (comment != null) {
            appendLines(text, ":", comment);
        }
        if (name != null) {
            appendLine(text, "event:", name);
        }
        if (id != null) {
            appendLine(text, "id:", id);
        }
        if (retry != null) {
            appendLine(text, "retry:", Long.toString(retry.toMillis()));
        }
        if (data != null) {
            appendLines(text, "data:", data);
        }
        return text.append('\n').toString();
    }

    private static void appendLines(StringBuilder text, String field, String lines) {
        int begin = 0;
        for (int i = 0; i < lines.length(); i++) {
            char c = lines.charAt(i);
            if (c == '\n' || c == '\r') {
                appendLine(text, field, lines.substring(begin, i));
                if (c == '\r' && i + 1 < lines.length() && lines.charAt(i + 1) == '\n') {
                    i++;
                }
                begin = i + 1;
            }
        }
        appendLine(text, field, lines.substring(begin));
    }

    // A client takes one space away.
    private static void appendLine(StringBuilder text, String field, String value) {
        text.append(field);
        if (!value.isEmpty()) {
            text.append(' ').append(value);
        }
        text.append('\n');
    }

    /// As it is sent.
    @Override
    public String toString() {
        return text().stripTrailing();
    }
}
