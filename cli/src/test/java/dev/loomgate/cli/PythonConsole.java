package dev.loomgate.cli;

import dev.loomgate.testkit.client.HttpPeer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// A Python program that a test talks with: it evaluates expressions among the names of its module.
final class PythonConsole {
    /// The end of the program's text: evaluates the query, and answers with what comes of it.
    static final String APPLICATION = """

            from urllib.parse import unquote_plus

            def said(line):
                try:
                    return repr(eval(line))
                except Exception as e:
                    return "%s: %s" % (type(e).__name__, e)

            def application(environ, start_response):
                start_response("200 OK", [])
                return [said(unquote_plus(environ["QUERY_STRING"])).encode()]
            """;

    private PythonConsole() {}

    /// What a server's program says to an expression.
    static String said(LoomgateProcess server, String expression) throws Exception {
        URI uri = server.uri("/");
        try (HttpPeer peer = HttpPeer.to(new InetSocketAddress(uri.getHost(), uri.getPort()))) {
            return peer.get("/?" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                    .answer()
                    .text();
        }
    }
}
