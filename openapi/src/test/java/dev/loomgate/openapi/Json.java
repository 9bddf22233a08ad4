package dev.loomgate.openapi;

import dev.loomgate.toolkit.JsonCodec;
import java.util.List;
import java.util.Map;

/// A JSON value, to be looked into by JSON pointers.
record Json(Object value) {
    static Json of(byte[] text) {
        return new Json(JsonCodec.jackson().read(text, Object.class));
    }

    /// What is at a pointer (RFC 6901); fails if there is nothing.
    Object at(String pointer) {
        Object at = value;
        for (String escaped : pointer.substring(1).split("/", -1)) {
            String name = escaped.replace("~1", "/").replace("~0", "~");
            Object next = at instanceof List<?> list ? list.get(Integer.parseInt(name)) : ((Map<?, ?>) at).get(name);
            if (next == null) {
                throw new AssertionError("nothing at " + name + " of " + pointer + ", only " + at);
            }
            at = next;
        }
        return at;
    }
}
