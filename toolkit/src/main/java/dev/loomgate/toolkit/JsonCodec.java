package dev.loomgate.toolkit;

import java.lang.reflect.Type;

/// Turns values into JSON and back: the seam to a JSON library.
///
/// Used by many threads at once.
public interface JsonCodec {
    /// Jackson 3 with its defaults, but that a record has a value for each component that isn't declared nullable
    /// or Optional, also within others; that a value is of its type: `1.9` and `"1"` are no int, `1e400` and
    /// `"NaN"` no double; and that no object has a member twice. What a record has no component for is left out.
    /// Loaded when it is first used.
    static JsonCodec jackson() {
        return JacksonCodec.INSTANCE;
    }

    /// The same, but that a member which a record has no component for is an error: a misspelt one is found.
    static JsonCodec knownMembersOnly() {
        return JacksonCodec.KNOWN_MEMBERS;
    }

    /// Forgets what the codecs of Jackson know of types, and so the classes themselves: for a program that has thrown a
    /// class loader away. Types that are still used are learnt again. Any thread.
    static void forgetTypes() {
        JacksonCodec.forgetTypes();
    }

    /// Reads a request's body.
    ///
    /// @param type the value's type: a record, a class, a parameterized type
    /// @throws dev.loomgate.toolkit.exceptions.BadRequest if the bytes are no JSON, or no value of the type; it
    /// says where, and shows nothing of the application's insides. Its errors, as those of the next, have the JSON
    /// pointers of up to 20 values
    /// @throws dev.loomgate.toolkit.exceptions.UnprocessableEntity if a record lacks a value, or its constructor
    /// refuses one by an IllegalArgumentException, a DateTimeException or an ArithmeticException
    /// @throws IllegalStateException if no JSON at all becomes a value of the type: the application's fault
    Object read(byte[] json, Type type);

    /// Writes a response's body, in UTF-8.
    ///
    /// @throws IllegalArgumentException if the value can't be written
    byte[] write(Object value);
}
