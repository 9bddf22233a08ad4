package dev.loomgate.gateway;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Where an [Environ]'s first variables come from: a container's request, decoded when a variable is asked for.
///
/// Building an environ then costs no string for a header that isn't read. An implementation answers the same for
/// the whole life of the request, and is called by the thread that runs the application.
public interface Variables {
    /// The variable's value, or null if the request has none of that name.
    @Nullable
    Object get(String key);

    /// Calls `action` for every variable, once.
    void forEach(BiConsumer<? super String, Object> action);

    /// Calls `action` for every variable that is text, once. Override it where that avoids making the objects of the
    /// others.
    default void forEachText(BiConsumer<? super String, ? super String> action) {
        forEach((key, value) -> {
            if (value instanceof String text) {
                action.accept(key, text);
            }
        });
    }

    /// Calls `action` for every variable that is text, once, as bytes: latin-1, and for the paths those that came,
    /// which needn't be UTF-8. For a gateway to another process, where the container has the bytes and can avoid
    /// the strings.
    ///
    /// @return false if they are unavailable; then `action` was not called, and there is [#forEachText]
    default boolean forEachUndecoded(Undecoded action) {
        return false;
    }

    /// Calls `variable` for every variable that is text and isn't made of a header field, and `field` for
    /// every header field as the client has sent it, `Host` first. A field that occurs again is given
    /// again, in its order; fields that make no variable are left out. For a gateway to a program whose
    /// interface has fields, as ASGI.
    ///
    /// @return false if the fields are unavailable, because the request came as variables; then neither was called
    default boolean forEachApart(BiConsumer<? super String, ? super String> variable, Undecoded field) {
        return false;
    }

    /// Takes a variable, or a header field, as bytes.
    @FunctionalInterface
    interface Undecoded {
        /// The name, of ASCII, is at `name` of `bytes`, the value at `value`; the array is valid during the call
        /// only, and not to be changed. A header field's name is in the case that the client has sent.
        void variable(byte[] bytes, int name, int nameLength, int value, int valueLength);
    }
}
