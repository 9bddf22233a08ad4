package dev.loomgate.jwsgi;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a response of what a JWSGI program returns:
///
/// | place | what | types |
/// |---|---|---|
/// | 0 | the status | Integer, Long |
/// | 1 | the headers | a Map: String to String, String[], or an Iterable of String |
/// | 2 | the body | String, String[], byte[], Iterable or Iterator, File, InputStream; null for none |
///
/// An item of an Iterable that is no byte[] is sent as its text. Text is sent in UTF-8. A body that is
/// AutoCloseable is closed. What is wrong is an [IllegalStateException], by which the server answers 500: uWSGI
/// sends an empty answer, or the begin of one.
final class JwsgiResponse {
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final int PIECE = 8192;

    private JwsgiResponse() {}

    static Body start(Object @Nullable [] response, StartResponse startResponse) {
        if (response == null) {
            throw wrong("the program has returned null, not an Object[3]");
        }
        if (response.length != 3) {
            throw wrong("the program has returned an array of %d, not of 3".formatted(response.length));
        }
        Status status = status(response[0]);
        Headers headers = headers(response[1]);
        Body body = body(response[2]);
        startResponse.start(status, headers);
        return body;
    }

    private static Status status(@Nullable Object value) {
        if (!(value instanceof Integer) && !(value instanceof Long)) {
            throw wrong("the status has to be an Integer or a Long, not " + typeOf(value));
        }
        long code = ((Number) value).longValue();
        if (code < LEAST_STATUS || code > MOST_STATUS) {
            throw wrong("the status has to be %d to %d, not %d".formatted(LEAST_STATUS, MOST_STATUS, code));
        }
        return Status.of((int) code);
    }

    private static Headers headers(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("the headers have to be a Map, not " + typeOf(value));
        }
        Headers headers = new Headers();
        map.forEach((name, values) -> {
            if (!(name instanceof String text)) {
                throw wrong("a header's name has to be a String, not " + typeOf(name));
            }
            add(headers, text, values);
        });
        return headers;
    }

    private static void add(Headers headers, String name, @Nullable Object values) {
        switch (values) {
            case String text -> headers.add(name, text);
            case String[] texts -> Arrays.asList(texts).forEach(each -> addOne(headers, name, each));
            case Iterable<?> texts -> texts.forEach(each -> addOne(headers, name, each));
            case null, default ->
                throw wrong("the header %s has to be a String, a String[] or an Iterable, not %s"
                        .formatted(name, typeOf(values)));
        }
    }

    private static void addOne(Headers headers, String name, @Nullable Object value) {
        if (!(value instanceof String text)) {
            throw wrong("a value of the header %s has to be a String, not %s".formatted(name, typeOf(value)));
        }
        headers.add(name, text);
    }

    private static Body body(@Nullable Object value) {
        return switch (value) {
            case null -> Body.empty();
            case String text -> Body.text(text);
            case String[] texts -> chunks(Arrays.asList(texts).iterator());
            case byte[] bytes -> Body.bytes(bytes);
            case Iterable<?> items -> closing(chunks(items.iterator()), items);
            case Iterator<?> items -> closing(chunks(items), items);
            case File file -> file(file);
            case InputStream stream -> closing(stream(stream), stream);
            default ->
                throw wrong("the body has to be a String, String[], byte[], Iterable, File or InputStream, not "
                        + typeOf(value));
        };
    }

    private static Body file(File file) {
        if (!file.canRead() || file.isDirectory()) {
            throw wrong("the body is a File that can't be read");
        }
        return Body.file(file.toPath());
    }

    private static Body chunks(Iterator<?> items) {
        return Body.chunks(() -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public byte[] next() {
                Object item = items.next();
                if (item == null) {
                    throw wrong("an item of the body is null");
                }
                return item instanceof byte[] bytes ? bytes : item.toString().getBytes(StandardCharsets.UTF_8);
            }
        });
    }

    private static Body stream(InputStream stream) {
        return Body.stream(writer -> {
            byte[] piece = new byte[PIECE];
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                writer.write(ByteBuffer.wrap(piece, 0, count));
            }
        });
    }

    private static Body closing(Body body, Object source) {
        return source instanceof AutoCloseable closeable
                ? body.onClose(() -> {
                    try {
                        closeable.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException("the body can't be closed", e);
                    }
                })
                : body;
    }

    private static IllegalStateException wrong(String what) {
        return new IllegalStateException("JWSGI: " + what);
    }

    private static String typeOf(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }
}
