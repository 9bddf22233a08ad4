package dev.loomgate.servlet;

import dev.loomgate.gateway.Environ;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.URIUtil;

/// An environ's request line and header fields, in Jetty's form.
final class RequestHead {
    private RequestHead() {}

    static MetaData.Request of(Environ environ) {
        HttpFields.Mutable fields = HttpFields.build();
        boolean apart = environ.forEachApart((_, _) -> {}, (bytes, name, nameLength, value, valueLength) -> {
            String field = new String(bytes, name, nameLength, StandardCharsets.ISO_8859_1);
            add(fields, field, new String(bytes, value, valueLength, StandardCharsets.ISO_8859_1));
        });
        if (!apart) {
            environ.forEachText((name, value) -> {
                if (name.startsWith("HTTP_")) {
                    add(fields, name.substring("HTTP_".length()).replace('_', '-'), value);
                } else if (name.equals("CONTENT_TYPE") || name.equals("CONTENT_LENGTH")) {
                    add(fields, name.replace('_', '-'), value);
                }
            });
        }
        HttpURI uri = HttpURI.build()
                .scheme(environ.scheme())
                .authority(environ.header("Host").orElseGet(() -> environ.serverName() + ":" + environ.serverPort()))
                .pathQuery(target(environ))
                .asImmutable();
        return new MetaData.Request(
                System.nanoTime(),
                environ.method(),
                uri,
                RequestConnection.version(environ.protocol()),
                fields,
                environ.contentLength().orElse(-1));
    }

    // The container has answered the Expect: by it, Jetty would do so a second time.
    private static void add(HttpFields.Mutable fields, String name, String value) {
        if (!name.equalsIgnoreCase("Expect")) {
            fields.add(name.toLowerCase(Locale.ROOT), value);
        }
    }

    // The path as the client wrote it, with its parameters and escapes, unless something before us has changed it.
    private static String target(Environ environ) {
        String decoded = environ.scriptName() + environ.path();
        String asSent = withoutQuery(environ.requestUri());
        String path = asSent.startsWith("/") && decode(asSent).equals(decoded)
                ? asSent
                : decoded.isEmpty() ? "/" : URIUtil.encodePath(decoded);
        String query = environ.queryString();
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static String decode(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return "";
        }
    }
}
