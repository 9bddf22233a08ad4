package dev.loomgate.toolkit;

import dev.loomgate.gateway.Environ;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// Environs of requests, with what a container puts there: the ones that the oracle makes, too.
public final class Environs {
    private Environs() {}

    /// @param overrides variables as PEP 3333 has them: text that shows bytes as characters up to U+00FF
    public static Environ of(JsonNode overrides) {
        Environ environ = of("GET", new byte[0]);
        overrides.propertyStream().forEach(variable -> {
            String value = variable.getValue().asString();
            boolean decoded =
                    variable.getKey().equals("PATH_INFO") || variable.getKey().equals("SCRIPT_NAME");
            // The gateway decodes paths, where PEP 3333 leaves that to the application.
            environ.put(variable.getKey(), decoded ? utf8(value) : value);
        });
        return environ;
    }

    public static Environ of(String method, byte[] body) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", method);
        environ.put("SCRIPT_NAME", "");
        environ.put("PATH_INFO", "/");
        environ.put("QUERY_STRING", "");
        environ.put("SERVER_NAME", "localhost");
        environ.put("SERVER_PORT", "80");
        environ.put("SERVER_PROTOCOL", "HTTP/1.1");
        environ.put("wsgi.url_scheme", "http");
        environ.put("wsgi.input", new ByteArrayInputStream(body));
        environ.put("wsgi.input_terminated", true);
        environ.put("wsgi.errors", new PrintWriter(new StringWriter()));
        if (body.length > 0) {
            environ.put("CONTENT_LENGTH", Integer.toString(body.length));
        }
        return environ;
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
