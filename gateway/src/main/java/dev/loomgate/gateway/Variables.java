package dev.loomgate.gateway;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Where an [Environ]'s first variables come from: a container's request, decoded when a variable is asked for.
///
/// Building an environ then costs no string for a header that nobody reads. An implementation answers the same for
/// the whole life of the request, and is called by the thread that runs the application.
public interface Variables {
    /// The variable's value, or null if the request has none of that name.
    @Nullable
    Object get(String key);

    /// Shows every variable once.
    void forEach(BiConsumer<? super String, Object> action);

    /// Shows every variable that is text once; where that spares making the objects of the others, override it.
    default void forEachText(BiConsumer<? super String, ? super String> action) {
        forEach((key, value) -> {
            if (value instanceof String text) {
                action.accept(key, text);
            }
        });
    }
}
