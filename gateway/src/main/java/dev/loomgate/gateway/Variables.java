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

    /// Shows every variable that is text once, as its bytes: of latin-1, and for the paths those that came, which
    /// needn't be UTF-8. For a gateway to another process, if a container has the bytes and spares the strings by
    /// it.
    ///
    /// @return false if this can't be had; then nothing was shown, and there is [#forEachText]
    default boolean forEachUndecoded(Undecoded action) {
        return false;
    }

    /// Takes a variable as bytes.
    @FunctionalInterface
    interface Undecoded {
        /// The name, of ASCII, is at `name` of `bytes`, the value at `value`; the array is valid during the call
        /// only, and not to be changed.
        void variable(byte[] bytes, int name, int nameLength, int value, int valueLength);
    }
}
