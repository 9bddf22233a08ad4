package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.Variables;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Stands for what the server's core adds to an environ.
final class ServerObjects implements Variables {
    static final String INPUT = "the server's";

    private static final Map<String, Object> OBJECTS =
            Map.of("wsgi.input", INPUT, "wsgi.multithread", true, "wsgi.url_scheme", "never seen");

    @Override
    public @Nullable Object get(String key) {
        return OBJECTS.get(key);
    }

    @Override
    public void forEach(BiConsumer<? super String, Object> action) {
        OBJECTS.forEach(action);
    }
}
