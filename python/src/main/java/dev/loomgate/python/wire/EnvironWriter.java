package dev.loomgate.python.wire;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.LogId;
import java.nio.charset.StandardCharsets;

/// An [Environ] as the dictionary that a Python worker gets: PEP 3333's "native strings", whose characters are the
/// request's bytes.
///
/// The paths of an environ are decoded from UTF-8, and here they are taken back to bytes. Where a path wasn't
/// UTF-8, its decoding lost what it was: then it is taken from REQUEST_URI, if that says the same path.
///
/// A program of ASGI gets the header fields as a list of pairs of bytes ([#FIELDS]), and no variables for them.
public final class EnvironWriter {
    /// The variable with the list of header fields: names in lower case, repeated ones repeated.
    static final String FIELDS = "loomgate.fields";

    private static final char LOST = '\ufffd';
    private static final int EXPECTED_BYTES = 1024;

    private static final String REQUEST_ID = "loomgate.request_id";

    private final MarshalWriter out = new MarshalWriter(EXPECTED_BYTES);
    private int fieldCount;

    private EnvironWriter() {}

    /// The environ's variables that are text, except `wsgi.*`, of which the worker makes its own.
    public static MarshalWriter write(Environ environ) {
        return write(environ, false, false);
    }

    /// The same, with what only some workers want.
    ///
    /// @param apart the header fields apart, if the environ has them
    /// @param requestId the request's id, if it has one, as `loomgate.request_id`
    public static MarshalWriter write(Environ environ, boolean apart, boolean requestId) {
        EnvironWriter writer = new EnvironWriter();
        writer.out.beginDictionary();
        if (!apart || !writer.apart(environ)) {
            writer.variables(environ);
        }
        if (requestId) {
            environ.requestId().ifPresent(writer::requestId);
        }
        writer.out.endDictionary();
        return writer.out;
    }

    private void requestId(LogId id) {
        out.text(REQUEST_ID).text(id.text());
    }

    private boolean apart(Environ environ) {
        MarshalWriter list = new MarshalWriter(EXPECTED_BYTES);
        boolean there = environ.forEachApart(this::variable, (bytes, name, nameLength, value, valueLength) -> {
            list.beginTuple(2).lowerCase(bytes, name, nameLength).bytes(bytes, value, valueLength);
            fieldCount++;
        });
        if (there) {
            paths(environ);
            out.text(FIELDS).list(fieldCount, list);
        }
        return there;
    }

    private void variables(Environ environ) {
        if (!environ.forEachUndecoded(this::undecoded)) {
            paths(environ);
            environ.forEachText(this::variable);
        }
    }

    private void undecoded(byte[] bytes, int name, int nameLength, int value, int valueLength) {
        out.ascii(bytes, name, nameLength).latin1(bytes, value, valueLength);
    }

    private void paths(Environ environ) {
        String script = environ.scriptName();
        String path = environ.path();
        if (script.indexOf(LOST) >= 0 || path.indexOf(LOST) >= 0) {
            lostPaths(script, path, environ.requestUri());
        } else {
            path("SCRIPT_NAME", script);
            path("PATH_INFO", path);
        }
    }

    private void variable(String key, String text) {
        switch (key) {
            case "SCRIPT_NAME", "PATH_INFO" -> {}
            case "wsgi.url_scheme" -> out.text(key).text(text);
            default -> {
                if (!key.startsWith("wsgi.")) {
                    out.text(key).text(native8Bit(text));
                }
            }
        }
    }

    // The request's own text is latin-1; a middleware may have put a name there that isn't: then its UTF-8 bytes.
    private static String native8Bit(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return bytesAsText(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return text;
    }

    private void path(String key, String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) > 0x7f) {
                out.text(key).text(bytesAsText(path.getBytes(StandardCharsets.UTF_8)));
                return;
            }
        }
        out.text(key).text(path);
    }

    private void lostPaths(String script, String path, String uri) {
        byte[] bytes = RequestPath.decode(uri);
        int cut = cut(bytes, script, path);
        if (cut < 0) {
            path("SCRIPT_NAME", script);
            path("PATH_INFO", path);
        } else {
            String both = bytesAsText(bytes);
            out.text("SCRIPT_NAME").text(both.substring(0, cut));
            out.text("PATH_INFO").text(both.substring(cut));
        }
    }

    // Where the script's bytes end, if script and path are what these bytes decode to; else -1.
    private static int cut(byte[] bytes, String script, String path) {
        int end = script.getBytes(StandardCharsets.UTF_8).length;
        boolean same = end <= bytes.length
                && new String(bytes, 0, end, StandardCharsets.UTF_8).equals(script)
                && new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8).equals(path);
        return same ? end : -1;
    }

    private static String bytesAsText(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
