package dev.loomgate.gateway.lint;

import static dev.loomgate.gateway.lint.Case.environ;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Trailers;
import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Environs that break the specification.
final class EnvironCases {
    private EnvironCases() {}

    static List<Case> all() {
        return List.of(
                missing("REQUEST_METHOD"),
                missing("SCRIPT_NAME"),
                missing("PATH_INFO"),
                missing("QUERY_STRING"),
                missing("SERVER_NAME"),
                missing("SERVER_PORT"),
                missing("SERVER_PROTOCOL"),
                environ(Clause.CGI_TEXT, "SERVER_PORT is 8000", environ -> environ.put("SERVER_PORT", 8000)),
                text(Clause.METHOD_TOKEN, "REQUEST_METHOD", "get it"),
                text(Clause.METHOD_TOKEN, "REQUEST_METHOD", ""),
                text(Clause.SCRIPT_NAME_FORM, "SCRIPT_NAME", "/"),
                text(Clause.SCRIPT_NAME_FORM, "SCRIPT_NAME", "app"),
                text(Clause.SCRIPT_NAME_FORM, "SCRIPT_NAME", "/app/"),
                text(Clause.PATH_INFO_FORM, "PATH_INFO", "path"),
                text(Clause.PATH_INFO_FORM, "PATH_INFO", "*"),
                text(Clause.SERVER_NAME_FORM, "SERVER_NAME", ""),
                text(Clause.SERVER_PORT_FORM, "SERVER_PORT", ""),
                text(Clause.SERVER_PORT_FORM, "SERVER_PORT", "http"),
                text(Clause.SERVER_PROTOCOL_FORM, "SERVER_PROTOCOL", "SPDY/3"),
                text(Clause.REMOTE_FORM, "REMOTE_ADDR", ""),
                text(Clause.REMOTE_FORM, "REMOTE_PORT", ""),
                text(Clause.CONTENT_LENGTH_DIGITS, "CONTENT_LENGTH", ""),
                text(Clause.CONTENT_LENGTH_DIGITS, "CONTENT_LENGTH", "-1"),
                text(Clause.CONTENT_LENGTH_DIGITS, "CONTENT_LENGTH", "1234567890123456789"),
                environ(Clause.CONTENT_KEYS, "HTTP_CONTENT_LENGTH", environ -> environ.put("HTTP_CONTENT_LENGTH", "5")),
                environ(
                        Clause.CONTENT_KEYS,
                        "HTTP_CONTENT_TYPE",
                        environ -> environ.put("HTTP_CONTENT_TYPE", "text/plain")),
                environ(
                        Clause.FIELD_KEYS,
                        "a header field has the name \"HTTP_X-Y\"",
                        environ -> environ.put("HTTP_X-Y", "z")),
                environ(
                        Clause.FIELD_KEYS,
                        "a header field has the name \"HTTP_accept\"",
                        environ -> environ.put("HTTP_accept", "z")),
                environ(
                        Clause.FIELD_TEXT,
                        "\"HTTP_X\" is \"a\\x0d\\x0aSet-Cookie: b\"",
                        environ -> environ.put("HTTP_X", "a\r\nSet-Cookie: b")),
                environ(
                        Clause.FIELD_TEXT,
                        "\"QUERY_STRING\" is \"a\\x00\"",
                        environ -> environ.put("QUERY_STRING", "a\0")),
                text(Clause.URL_SCHEME, "wsgi.url_scheme", "ftp"),
                absent(Clause.URL_SCHEME, "wsgi.url_scheme"),
                text(Clause.FLAGS, "wsgi.multithread", "true"),
                absent(Clause.FLAGS, "wsgi.multiprocess"),
                absent(Clause.FLAGS, "wsgi.run_once"),
                text(Clause.INPUT_TYPE, "wsgi.input", "text"),
                absent(Clause.INPUT_TYPE, "wsgi.input"),
                absent(Clause.INPUT_TERMINATED, "wsgi.input_terminated"),
                environ(
                        Clause.INPUT_TERMINATED,
                        "wsgi.input_terminated is false",
                        environ -> environ.put("wsgi.input_terminated", false)),
                absent(Clause.ERRORS_TYPE, "wsgi.errors"),
                environ(
                        Clause.CLIENT_GONE_TYPE,
                        "loomgate.client_gone is \"yes\"",
                        environ -> environ.put("loomgate.client_gone", "yes")),
                environ(
                        Clause.STOPPING_TYPE,
                        "loomgate.stopping is \"yes\"",
                        environ -> environ.put("loomgate.stopping", "yes")),
                environ(
                        Clause.REQUEST_ID_TYPE,
                        "loomgate.request_id is \"yes\"",
                        environ -> environ.put("loomgate.request_id", "yes")),
                environ(
                        Clause.EARLY_HINTS_TYPE,
                        "loomgate.early_hints is \"yes\"",
                        environ -> environ.put("loomgate.early_hints", "yes")),
                environ(
                        Clause.OFFLOAD_TYPE,
                        "loomgate.offload is \"yes\"",
                        environ -> environ.put("loomgate.offload", "yes")),
                environ(
                        Clause.ROUTE_TYPE,
                        "loomgate.route is \"yes\"",
                        environ -> environ.put("loomgate.route", "yes")),
                environ(
                        Clause.TRAILERS_TYPE,
                        "loomgate.trailers is \"yes\"",
                        environ -> environ.put("loomgate.trailers", "yes")),
                environ(
                        Clause.TRAILERS_TYPE,
                        "loomgate.trailers is ",
                        environ -> environ.put("loomgate.trailers", Trailers.NONE)),
                environ(
                        Clause.WEBSOCKET_TYPE,
                        "loomgate.websocket is \"yes\"",
                        environ -> environ.put("loomgate.websocket", "yes")),
                environ(Clause.WEBSOCKET_TYPE, "loomgate.websocket is ", environ -> {
                    environ.put("REQUEST_METHOD", "POST");
                    environ.put("loomgate.websocket", new WebSocketHandshake(List.of()));
                }),
                environ(
                        Clause.ERRORS_WORK,
                        "wsgi.errors has failed, in GET /app/path",
                        environ -> environ.put("wsgi.errors", new PrintWriter(broken()))),
                Case.of(Clause.ERRORS_LEFT_OPEN, "wsgi.errors was closed, in GET /app/path", (environ, start) -> {
                    environ.errors().close();
                    return Case.hello(environ, start);
                }),
                new Case(
                        Clause.LOOK_UP_AGREES,
                        "\"HTTP_X\" is \"walked\" in a walk, looked up it is \"looked up\"",
                        lint -> Container.answer(
                                lint.wrap(Case::hello), new Environ(new TwoFaced("HTTP_X", "looked up", "walked")))),
                new Case(
                        Clause.LOOK_UP_AGREES,
                        "PATH_INFO is missing in a walk",
                        lint -> Container.answer(
                                lint.wrap(Case::hello), new Environ(new TwoFaced("PATH_INFO", "/", null)))));
    }

    private static Case missing(String key) {
        return absent(Clause.VARIABLES_PRESENT, key);
    }

    private static Case absent(Clause clause, String key) {
        return environ(clause, key + " is null", environ -> environ.remove(key));
    }

    private static Case text(Clause clause, String key, String value) {
        return environ(clause, key + " is \"" + value + "\"", environ -> environ.put(key, value));
    }

    private static Writer broken() {
        return new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void close() {}
        };
    }

    /// Variables that say one thing when asked for a name, and another one in a walk.
    private record TwoFaced(
            String key, String lookedUp, @Nullable String walked) implements Variables {
        private static final Map<String, Object> REQUEST = Requests.get();

        @Override
        public @Nullable Object get(String name) {
            return name.equals(key) ? lookedUp : REQUEST.get(name);
        }

        @Override
        public void forEach(BiConsumer<? super String, Object> action) {
            REQUEST.forEach((name, value) -> {
                if (!name.equals(key)) {
                    action.accept(name, value);
                }
            });
            if (walked != null) {
                action.accept(key, walked);
            }
        }
    }
}
