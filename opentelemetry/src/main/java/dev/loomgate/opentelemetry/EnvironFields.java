package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Environ;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request's fields as a carrier of contexts: what propagators read, and write over.
final class EnvironFields {
    private EnvironFields() {}

    /// The context that the request's fields name.
    static Context extract(TextMapPropagator propagator, Environ environ) {
        return propagator.extract(Context.root(), environ, Reader.READER);
    }

    /// Has the request's fields name that context, and nothing of the one before.
    static void inject(TextMapPropagator propagator, Context context, Environ environ) {
        Map<String, String> written = new HashMap<>();
        propagator.inject(context, written, (fields, name, value) -> fields.put(Environ.keyOf(name), value));
        for (String field : propagator.fields()) {
            String key = Environ.keyOf(field);
            // A removal decodes the whole environ: only where there is something left over.
            if (!written.containsKey(key) && environ.containsKey(key)) {
                environ.remove(key);
            }
        }
        environ.putAll(written);
    }

    private enum Reader implements TextMapGetter<Environ> {
        READER;

        @Override
        public @Nullable String get(@Nullable Environ environ, String name) {
            return environ == null ? null : environ.header(name).orElse(null);
        }
    }
}
