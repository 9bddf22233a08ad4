package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.Variables;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A uwsgi request's variables as an environ's: decoded when asked for, with PEP 3333's defaults.
///
/// | variable | what it becomes |
/// |---|---|
/// | `PATH_INFO`, `SCRIPT_NAME` | UTF-8: nginx has percent-decoded them; a missing first `/` is put before a path |
/// | `CONTENT_TYPE`, `CONTENT_LENGTH`, `REMOTE_ADDR`, `REMOTE_PORT` | absent if empty |
/// | `QUERY_STRING` | empty if absent |
/// | `SERVER_PROTOCOL` | `HTTP/1.0` if empty or absent, as in uWSGI |
/// | `SERVER_NAME`, `SERVER_PORT` | `localhost` and the scheme's port if empty or absent |
/// | `wsgi.url_scheme` | `https` if HTTPS is `on` or `1`, else REQUEST_SCHEME if that is `https`, else `http` |
/// | other `wsgi.*`, `loomgate.*` | absent: they are the server's own, and a packet can't bring them |
/// | every other | latin-1, as it came |
///
/// With modifier1 30, PATH_INFO is the whole path, and SCRIPT_NAME is cut off its beginning.
public final class UwsgiVariables implements Variables {
    private static final List<String> NEVER_ABSENT =
            List.of("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL");

    private final UwsgiRequest request;
    private final VariableIndex variables;

    public UwsgiVariables(UwsgiRequest request) {
        this.request = request;
        this.variables = request.variables();
    }

    @Override
    public @Nullable Object get(String key) {
        return switch (key) {
            case "PATH_INFO" -> pathInfo();
            case "SCRIPT_NAME" -> scriptName();
            case "REQUEST_METHOD" -> request.method();
            case "QUERY_STRING" -> nonEmptyOr(key, "");
            case "CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR", "REMOTE_PORT" -> nonEmpty(key);
            case "SERVER_PROTOCOL" -> nonEmptyOr(key, "HTTP/1.0");
            case "SERVER_NAME" -> nonEmptyOr(key, "localhost");
            case "SERVER_PORT" -> nonEmptyOr(key, isHttps() ? "443" : "80");
            case "wsgi.url_scheme" -> isHttps() ? "https" : "http";
            default -> isTheServers(key) ? null : variables.latin1(key);
        };
    }

    @Override
    public void forEach(BiConsumer<? super String, Object> action) {
        variables.forEachKey(key -> {
            Object value = isTheServers(key) ? null : get(key);
            if (value != null) {
                action.accept(key, value);
            }
        });
        for (String key : NEVER_ABSENT) {
            Object value = variables.contains(key) ? null : get(key);
            if (value != null) {
                action.accept(key, value);
            }
        }
        action.accept("wsgi.url_scheme", isHttps() ? "https" : "http");
    }

    private static boolean isTheServers(String key) {
        return key.startsWith("wsgi.") || key.startsWith("loomgate.");
    }

    private String pathInfo() {
        String path = slashed(variables.utf8("PATH_INFO"));
        if (request.managesPathInfo()) {
            String script = scriptName();
            boolean below = path.startsWith(script)
                    && (path.length() == script.length() || path.charAt(script.length()) == '/');
            return below ? path.substring(script.length()) : path;
        }
        return path;
    }

    private String scriptName() {
        return slashed(variables.utf8("SCRIPT_NAME"));
    }

    private static String slashed(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return "";
        }
        return path.charAt(0) == '/' ? path : "/" + path;
    }

    private boolean isHttps() {
        String https = nonEmpty("HTTPS");
        return https == null
                ? "https".equals(variables.latin1("REQUEST_SCHEME"))
                : https.equals("on") || https.equals("1");
    }

    private @Nullable String nonEmpty(String key) {
        String value = variables.latin1(key);
        return value == null || value.isEmpty() ? null : value;
    }

    private String nonEmptyOr(String key, String otherwise) {
        String value = nonEmpty(key);
        return value == null ? otherwise : value;
    }
}
