package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Environ;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Set;

/// What is told of a request that has come, in the words of the semantic conventions. The same names serve spans and
/// metrics.
///
/// @param method of those that RFC 9110 and RFC 5789 define; `HTTP` for any other, as spans are named
/// @param spanAttributes known before the application runs
record RequestFacts(String method, Attributes spanAttributes) {
    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");
    static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");

    /// What the conventions say in place of a method that isn't known: anybody can send any.
    static final String OTHER = "_OTHER";

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    static RequestFacts of(Environ environ) {
        String method = environ.method();
        boolean known = !methodOf(method).equals(OTHER);
        AttributesBuilder facts = Attributes.builder()
                .put(METHOD, methodOf(method))
                .put(SCHEME, environ.scheme())
                .put(PATH, path(environ))
                .put(SERVER, environ.serverName())
                .put(VERSION, versionOf(environ.protocol()));
        if (!known) {
            facts.put(METHOD_ORIGINAL, method);
        }
        String port = environ.serverPort();
        if (port.matches("[0-9]{1,5}")) {
            facts.put(PORT, Long.parseLong(port));
        }
        environ.remoteAddress().ifPresent(address -> facts.put(CLIENT, address));
        environ.header("User-Agent").ifPresent(agent -> facts.put(USER_AGENT, agent));
        return new RequestFacts(known ? method : "HTTP", facts.build());
    }

    /// The method, or [#OTHER].
    static String methodOf(String method) {
        return METHODS.contains(method) ? method : OTHER;
    }

    /// `1.1` of `HTTP/1.1`, `2` of `HTTP/2.0`.
    static String versionOf(String protocol) {
        String version = protocol.substring(protocol.indexOf('/') + 1);
        return version.equals("2.0") || version.equals("3.0") ? version.substring(0, 1) : version;
    }

    private static String path(Environ environ) {
        String target = environ.requestUri();
        if (!target.startsWith("/")) {
            return environ.scriptName() + environ.path(); // the container has none, or it isn't a path
        }
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
