package dev.loomgate.server.stream;

import dev.loomgate.gateway.Headers;
import dev.loomgate.server.exchange.ResponseHead;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// A response's fields, in lower case and with `:status` first, as an encoder goes over them. One for a loop and a
/// protocol, used for one head after the other. Loop side only.
public final class ResponseFields
        implements Iterable<Map.Entry<CharSequence, CharSequence>>, BiConsumer<String, String> {
    private static final int MAX_KNOWN_NAMES = 256;
    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString SERVER = AsciiString.cached("server");
    private static final AsciiString ALT_SVC = AsciiString.cached("alt-svc");
    private static final AsciiString LOOMGATE = AsciiString.cached("loomgate");
    private static final AsciiString CONTINUE = AsciiString.cached("100");
    private static final AsciiString EARLY_HINTS = AsciiString.cached("103");
    private static final AsciiString OK = AsciiString.cached("200");
    // The connection's business, which is the server's (RFC 9113 section 8.2.2), and what it says itself.
    private static final Set<String> DROPPED = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");
    private static final AsciiString NONE = AsciiString.EMPTY_STRING;

    private final String altSvc;
    private final Map<String, AsciiString> names = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private int count;
    private boolean hasDate;
    private boolean hasServer;

    private static final class Entry implements Map.Entry<CharSequence, CharSequence> {
        private CharSequence key = NONE;
        private CharSequence value = NONE;

        @Override
        public CharSequence getKey() {
            return key;
        }

        @Override
        public CharSequence getValue() {
            return value;
        }

        @Override
        public CharSequence setValue(CharSequence newValue) {
            throw new UnsupportedOperationException();
        }
    }

    /// @param altSvc the field `alt-svc`, where the application sends none; empty for none
    public ResponseFields(String altSvc) {
        this.altSvc = altSvc;
    }

    /// Makes these the fields of that head.
    ///
    /// @param date the current one
    public void set(ResponseHead head, String date) {
        count = 0;
        hasDate = false;
        hasServer = false;
        int code = head.status().code();
        append(STATUS, code == 200 ? OK : Integer.toString(code));
        Headers headers = head.headers();
        headers.forEach(this);
        if (head.hasLength()) {
            append(CONTENT_LENGTH, Long.toString(head.length()));
        }
        if (!hasDate) {
            append(DATE, date);
        }
        if (!hasServer) {
            append(SERVER, LOOMGATE);
        }
        if (!altSvc.isEmpty() && !headers.contains("Alt-Svc")) {
            append(ALT_SVC, altSvc);
        }
    }

    /// Appends a field that the server sets itself.
    public void add(AsciiString name, String value) {
        append(name, value);
    }

    /// Makes these the fields of `103 Early Hints`.
    public void setEarlyHints(Headers hints) {
        count = 0;
        append(STATUS, EARLY_HINTS);
        hints.forEach(this);
    }

    /// Makes these the fields that follow the content.
    public void setTrailers(Headers trailers) {
        count = 0;
        trailers.forEach(this);
    }

    /// Makes these the fields of `100 Continue`.
    public void setContinue() {
        count = 0;
        append(STATUS, CONTINUE);
    }

    @Override
    public void accept(String name, String value) {
        AsciiString lower = lowerCase(name);
        if (!lower.isEmpty()) {
            hasDate |= lower.contentEquals(DATE);
            hasServer |= lower.contentEquals(SERVER);
            append(lower, value);
        }
    }

    // NONE for one that isn't sent.
    private AsciiString lowerCase(String name) {
        AsciiString known = names.get(name);
        if (known == null) {
            String lower = name.toLowerCase(Locale.ROOT);
            known = DROPPED.contains(lower) ? NONE : new AsciiString(lower);
            if (names.size() < MAX_KNOWN_NAMES) {
                names.put(name, known);
            }
        }
        return known;
    }

    private void append(CharSequence name, CharSequence value) {
        if (count == entries.size()) {
            entries.add(new Entry());
        }
        Entry entry = entries.get(count++);
        entry.key = name;
        entry.value = value;
    }

    /// The number of fields, without `:status`.
    public int count() {
        return count - 1;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < count;
            }

            @Override
            public Map.Entry<CharSequence, CharSequence> next() {
                return entries.get(at++);
            }
        };
    }
}
