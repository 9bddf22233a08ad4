package dev.loomgate.server.cgi;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.exchange.PacketFacts;
import dev.loomgate.server.exchange.Scheme;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A request's CGI variables as an environ's: decoded when asked for, with PEP 3333's defaults.
///
/// | variable | what it becomes |
/// |---|---|
/// | `PATH_INFO`, `SCRIPT_NAME` | UTF-8: nginx has percent-decoded them; a missing first `/` is put before a path |
/// | `CONTENT_TYPE`, `CONTENT_LENGTH`, `REMOTE_ADDR`, `REMOTE_PORT` | absent if empty |
/// | `QUERY_STRING` | empty if absent |
/// | `SERVER_PROTOCOL` | `HTTP/1.0` if empty or absent, as in uWSGI |
/// | `SERVER_NAME`, `SERVER_PORT` | `localhost` and the scheme's port if empty or absent |
/// | `wsgi.url_scheme` | `https` if HTTPS is `on` or `1`, else REQUEST_SCHEME if that is `https`, else `http` |
/// | `REQUEST_METHOD` | `GET` if absent |
/// | `HTTP_CONTENT_TYPE`, `HTTP_CONTENT_LENGTH` | absent: nginx passes these fields twice, and the two could disagree |
/// | other `wsgi.*`, `loomgate.*` | absent: they are the server's own, and a packet can't bring them |
/// | every other | latin-1, as it came |
///
/// A PATH_INFO that the front end leaves out is found: [FrontEndPath]. With modifier1 30, PATH_INFO is the whole
/// path, and SCRIPT_NAME is cut off its beginning.
public final class CgiVariables implements Variables, PacketFacts {
    private static final List<String> NEVER_ABSENT = List.of(
            "REQUEST_METHOD",
            "SCRIPT_NAME",
            "PATH_INFO",
            "QUERY_STRING",
            "SERVER_NAME",
            "SERVER_PORT",
            "SERVER_PROTOCOL");

    private static final List<String> NO_EMPTY_ONE =
            List.of("CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR", "REMOTE_PORT", "SERVER_NAME");

    private static final String URL_SCHEME = "wsgi.url_scheme";
    private static final Added HTTP_SCHEME = Added.of(URL_SCHEME, Scheme.HTTP.text());
    private static final Added HTTPS_SCHEME = Added.of(URL_SCHEME, Scheme.HTTPS.text());
    private static final Added LOCALHOST = Added.of("SERVER_NAME", "localhost");
    private static final Added NO_SCRIPT_NAME = Added.of("SCRIPT_NAME", "");
    private static final Added NO_PATH_INFO = Added.of("PATH_INFO", "");

    private static final String REQUEST_ID = "loomgate.request_id";
    private static final String CONTENT_TYPE_FIELD = "HTTP_CONTENT_TYPE";
    private static final String CONTENT_LENGTH_FIELD = "HTTP_CONTENT_LENGTH";

    private final CgiRequest request;
    private final VariableIndex variables;

    // Two threads may both make it; they make the same.
    private @Nullable FrontEndPath found;

    public CgiVariables(CgiRequest request) {
        this.request = request;
        this.variables = request.variables();
    }

    /// Whether the client would like another protocol.
    public boolean asksForUpgrade() {
        return variables.length("HTTP_UPGRADE") > 0;
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
            case "SERVER_PORT" -> nonEmptyOr(key, scheme().defaultPort());
            case URL_SCHEME -> scheme().text();
            case CONTENT_TYPE_FIELD, CONTENT_LENGTH_FIELD -> null;
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
        action.accept(URL_SCHEME, scheme().text());
    }

    /// What nginx sends needs no change but that empty variables are left out, and that a server without a name, as one
    /// without server_name is, is called localhost; a packet that needs more is shown as text.
    @Override
    public boolean forEachUndecoded(Undecoded action) {
        boolean asItCame = !variables.isRepeated()
                && !request.managesPathInfo()
                && !isPathMissing()
                && request.hasMethod()
                && isPath("PATH_INFO")
                && isPath("SCRIPT_NAME")
                && variables.length("QUERY_STRING") >= 0
                && variables.length("SERVER_PROTOCOL") > 0
                && variables.length("SERVER_NAME") >= 0
                && variables.length("SERVER_PORT") > 0;
        if (!asItCame) {
            return false;
        }
        variables.forEachUndecoded((bytes, name, nameLength, value, valueLength) -> {
            if (isContentField(bytes, name, nameLength)) {
                return;
            }
            boolean shown = valueLength == 0
                    ? !isAny(NO_EMPTY_ONE, bytes, name, nameLength)
                    : (bytes[name] >= 'A' && bytes[name] <= 'Z')
                            || !isTheServers(PacketText.text(bytes, name, nameLength));
            if (shown) {
                action.variable(bytes, name, nameLength, value, valueLength);
            }
        });
        (scheme() == Scheme.HTTPS ? HTTPS_SCHEME : HTTP_SCHEME).show(action);
        if (variables.length("SERVER_NAME") == 0) {
            LOCALHOST.show(action);
        }
        if (variables.length("SCRIPT_NAME") < 0) {
            NO_SCRIPT_NAME.show(action);
        }
        if (variables.length("PATH_INFO") < 0) {
            NO_PATH_INFO.show(action);
        }
        return true;
    }

    @Override
    public int variableCount() {
        return requestId() == null ? variables.count() : variables.count() - 1;
    }

    @Override
    public int variableBytes() {
        String id = requestId();
        return id == null ? variables.bytes() : variables.bytes() - (2 + REQUEST_ID.length() + 2 + id.length());
    }

    @Override
    public @Nullable String requestId() {
        return variables.latin1(REQUEST_ID);
    }

    @Override
    public int modifier1() {
        return request.modifier1();
    }

    @Override
    public int modifier2() {
        return request.modifier2();
    }

    /// A variable that the packet doesn't have.
    private record Added(byte[] bytes, int nameLength) {
        static Added of(String name, String value) {
            return new Added((name + value).getBytes(StandardCharsets.US_ASCII), name.length());
        }

        void show(Undecoded action) {
            action.variable(bytes, 0, nameLength, nameLength, bytes.length - nameLength);
        }
    }

    /// Whether a path is shown as it came.
    private boolean isPath(String key) {
        return variables.length(key) <= 0 || variables.startsWith(key, '/');
    }

    private static boolean isAny(List<String> names, byte[] bytes, int name, int length) {
        for (String candidate : names) {
            if (candidate.length() == length && PacketText.equal(candidate, bytes, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isContentField(byte[] bytes, int name, int length) {
        return switch (length) {
            case 17 -> PacketText.equal(CONTENT_TYPE_FIELD, bytes, name);
            case 19 -> PacketText.equal(CONTENT_LENGTH_FIELD, bytes, name);
            default -> false;
        };
    }

    private static boolean isTheServers(String key) {
        return key.startsWith("wsgi.") || key.startsWith("loomgate.");
    }

    private boolean isPathMissing() {
        return request.findsPath() && variables.length("PATH_INFO") < 0;
    }

    private FrontEndPath found() {
        FrontEndPath known = found;
        if (known == null) {
            known = FrontEndPath.of(variables);
            found = known;
        }
        return known;
    }

    private String pathInfo() {
        if (isPathMissing()) {
            return slashed(found().pathInfo());
        }
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
        if (isPathMissing()) {
            return slashed(found().scriptName());
        }
        return slashed(variables.utf8("SCRIPT_NAME"));
    }

    private static String slashed(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return "";
        }
        return path.charAt(0) == '/' ? path : "/" + path;
    }

    private Scheme scheme() {
        String https = nonEmpty("HTTPS");
        boolean isHttps = https == null
                ? "https".equals(variables.latin1("REQUEST_SCHEME"))
                : https.equals("on") || https.equals("1");
        return isHttps ? Scheme.HTTPS : Scheme.HTTP;
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
