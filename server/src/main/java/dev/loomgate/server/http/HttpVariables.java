package dev.loomgate.server.http;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.connection.TlsFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An HTTP request as CGI variables (RFC 3875 section 4.1), each made when it is asked for.
///
/// Field names with an underscore are left out: `X_Real_IP` and `X-Real-IP` would be the same variable, and a
/// proxy that removes one of them from a client's request lets the other pass. So is `Proxy`, which as
/// `HTTP_PROXY` would redirect programs that read it from their environment (httpoxy).
final class HttpVariables implements Variables {
    private static final List<String> OF_NO_FIELD = List.of(
            "REQUEST_METHOD",
            "SCRIPT_NAME",
            "PATH_INFO",
            "QUERY_STRING",
            "REQUEST_URI",
            "SERVER_PROTOCOL",
            "SERVER_NAME",
            "SERVER_PORT",
            "REMOTE_ADDR",
            "REMOTE_PORT",
            "wsgi.url_scheme");
    private static final List<String> OF_OWN_FIELDS = List.of("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_HOST");

    private final RequestHead head;
    private final ConnectionFacts connection;
    private @Nullable String path;

    HttpVariables(RequestHead head, ConnectionFacts connection) {
        this.head = head;
        this.connection = connection;
    }

    @Override
    public @Nullable Object get(String key) {
        if (key.startsWith("HTTP_")) {
            return switch (key) {
                case "HTTP_HOST" -> host();
                case "HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH" -> null;
                default -> field(key, 5);
            };
        }
        return switch (key) {
            case "REQUEST_METHOD" -> head.method();
            case "SCRIPT_NAME" -> "";
            case "PATH_INFO" -> path();
            case "QUERY_STRING" -> queryString();
            case "REQUEST_URI" -> Bytes.text(head.bytes(), head.targetFrom(), head.targetTo());
            case "CONTENT_TYPE" -> field("CONTENT_TYPE", 0);
            case "CONTENT_LENGTH" ->
                head.contentLength() == RequestHead.NO_LENGTH ? null : Long.toString(head.contentLength());
            case "SERVER_PROTOCOL" -> protocol();
            case "SERVER_NAME" -> serverName();
            case "SERVER_PORT" -> connection.serverPort();
            case "REMOTE_ADDR" -> connection.remoteAddress();
            case "REMOTE_PORT" -> connection.remotePort();
            case "wsgi.url_scheme" -> connection.scheme().text();
            default -> {
                TlsFacts tls = connection.tls();
                yield tls == null ? null : tls.variables().get(key);
            }
        };
    }

    @Override
    public void forEach(BiConsumer<? super String, Object> action) {
        give(OF_NO_FIELD, action);
        give(OF_OWN_FIELDS, action);
        TlsFacts tls = connection.tls();
        if (tls != null) {
            tls.variables().forEach(action);
        }
        int[] fields = head.fields();
        for (int i = 0; i < fields.length; i += 4) {
            String key = keyOf(fields[i], fields[i + 1]);
            if (key != null && isFirst(key, i)) {
                Object value = field(key, 5);
                if (value != null) {
                    action.accept(key, value);
                }
            }
        }
    }

    @Override
    public boolean forEachApart(BiConsumer<? super String, ? super String> variable, Undecoded field) {
        BiConsumer<String, Object> text = (key, value) -> variable.accept(key, (String) value);
        give(OF_NO_FIELD, text);
        TlsFacts tls = connection.tls();
        if (tls != null) {
            tls.variables().forEach(text);
        }
        byte[] bytes = head.bytes();
        if (head.hostTo() >= head.hostFrom()) {
            give("host", bytes, head.hostFrom(), head.hostTo(), field);
        }
        int[] fields = head.fields();
        boolean cookies = false;
        for (int i = 0; i < fields.length; i += 4) {
            int name = fields[i];
            int nameTo = fields[i + 1];
            if (Bytes.equal(bytes, name, nameTo, "cookie")) {
                // In HTTP/2 and HTTP/3 it may come in pieces (RFC 9113 section 8.2.3).
                if (!cookies) {
                    byte[] all = String.valueOf(field("HTTP_COOKIE", 5)).getBytes(StandardCharsets.ISO_8859_1);
                    give("cookie", all, 0, all.length, field);
                }
                cookies = true;
            } else if (isGiven(name, nameTo)) {
                field.variable(bytes, name, nameTo - name, fields[i + 2], fields[i + 3] - fields[i + 2]);
            }
        }
        return true;
    }

    private void give(List<String> keys, BiConsumer<? super String, Object> action) {
        for (String key : keys) {
            Object value = get(key);
            if (value != null) {
                action.accept(key, value);
            }
        }
    }

    private static void give(String name, byte[] bytes, int from, int to, Undecoded field) {
        byte[] whole = new byte[name.length() + to - from];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, whole, 0, name.length());
        System.arraycopy(bytes, from, whole, name.length(), to - from);
        field.variable(whole, 0, name.length(), name.length(), to - from);
    }

    // Neither Host, which the head has apart, nor what programs aren't to see.
    private boolean isGiven(int name, int nameTo) {
        byte[] bytes = head.bytes();
        for (int i = name; i < nameTo; i++) {
            if (bytes[i] == '_') {
                return false;
            }
        }
        return switch (nameTo - name) {
            case 4 -> !Bytes.equal(bytes, name, nameTo, "host");
            case 5 -> !Bytes.equal(bytes, name, nameTo, "proxy");
            default -> true;
        };
    }

    // The HTTP_ variable of a field, or null if it has none or another one.
    private @Nullable String keyOf(int from, int to) {
        if (!isGiven(from, to)) {
            return null;
        }
        StringBuilder key = new StringBuilder(5 + to - from).append("HTTP_");
        for (int i = from; i < to; i++) {
            byte b = head.bytes()[i];
            key.append(b == '-' ? '_' : (char) (b >= 'a' && b <= 'z' ? b - 32 : b));
        }
        return switch (key.toString()) {
            case "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH" -> null;
            case String other -> other;
        };
    }

    private boolean isFirst(String key, int place) {
        int[] fields = head.fields();
        for (int i = 0; i < place; i += 4) {
            if (isKey(key, 5, fields[i], fields[i + 1])) {
                return false;
            }
        }
        return true;
    }

    /// The field whose variable is `key` from `skip` on; several ones joined (RFC 9110 section 5.3; cookies: RFC
    /// 6265).
    private @Nullable String field(String key, int skip) {
        int[] fields = head.fields();
        String value = null;
        for (int i = 0; i < fields.length; i += 4) {
            if (isKey(key, skip, fields[i], fields[i + 1])) {
                String another = Bytes.text(head.bytes(), fields[i + 2], fields[i + 3]);
                value = value == null ? another : value + (key.equals("HTTP_COOKIE") ? "; " : ", ") + another;
            }
        }
        return value;
    }

    private boolean isKey(String key, int skip, int from, int to) {
        if (key.length() - skip != to - from) {
            return false;
        }
        byte[] bytes = head.bytes();
        for (int i = from, j = skip; i < to; i++, j++) {
            byte b = bytes[i];
            int c = b >= 'a' && b <= 'z' ? b - 32 : b == '-' ? '_' : b == '_' ? -1 : b;
            if (c != key.charAt(j)) {
                return false;
            }
        }
        return true;
    }

    private String protocol() {
        if (head.has(RequestHead.HTTP_2)) {
            return "HTTP/2";
        }
        if (head.has(RequestHead.HTTP_3)) {
            return "HTTP/3";
        }
        return head.minorVersion() == 1 ? "HTTP/1.1" : "HTTP/1.0";
    }

    private @Nullable String host() {
        return head.hostTo() < head.hostFrom() ? null : Bytes.text(head.bytes(), head.hostFrom(), head.hostTo());
    }

    // RFC 3875 section 4.1.14: the name that the client used, where it used one.
    private String serverName() {
        String host = host();
        if (host == null) {
            return connection.serverName();
        }
        int colon = host.lastIndexOf(':');
        return colon > host.indexOf(']') ? host.substring(0, colon) : host;
    }

    private String path() {
        String decoded = path;
        if (decoded == null) {
            decoded = decodePath();
            path = decoded;
        }
        return decoded;
    }

    private String decodePath() {
        byte[] bytes = head.bytes();
        int from = head.pathFrom();
        int to = head.pathTo();
        if (from == to) {
            return head.has(RequestHead.ABSOLUTE) ? "/" : "";
        }
        int at = from;
        while (at < to && bytes[at] != '%') {
            at++;
        }
        if (at == to) {
            return Bytes.text(bytes, from, to);
        }
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%') {
                decoded[length++] = (byte) (Bytes.hex(bytes[i + 1]) << 4 | Bytes.hex(bytes[i + 2]));
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private String queryString() {
        return head.pathTo() >= head.targetTo() ? "" : Bytes.text(head.bytes(), head.pathTo() + 1, head.targetTo());
    }
}
