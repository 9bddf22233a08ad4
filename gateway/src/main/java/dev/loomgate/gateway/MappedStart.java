package dev.loomgate.gateway;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A view of another start, which changes what it passes on.
record MappedStart(StartResponse inner, BiConsumer<Status, Headers> change) implements StartResponse {
    static MappedStart of(StartResponse inner, BiConsumer<Status, Headers> change) {
        MappedStart view = new MappedStart(inner, change);
        inner.viewedBy(view);
        return view;
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        change.accept(status, headers);
        inner.start(status, headers, cause);
    }

    @Override
    public void viewedBy(StartResponse view) {
        inner.viewedBy(view);
    }
}
