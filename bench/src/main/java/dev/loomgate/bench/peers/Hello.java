package dev.loomgate.bench.peers;

import java.nio.charset.StandardCharsets;

/// The one answer that every peer gives: `200`, `Content-Type: text/plain`, `Content-Length: 12`, `Hello world!`.
///
/// Headers that a server adds on its own (Date, Server, Connection) are switched off where the server has a
/// switch.
public final class Hello {
    public static final String TEXT = "Hello world!";
    public static final String CONTENT_TYPE = "text/plain";
    public static final String HOST = "127.0.0.1";

    /// Asked of every server that lets itself be asked: a burst of connections must not be measured as SYN
    /// retries.
    public static final int BACKLOG = 4096;

    private Hello() {}

    static byte[] bytes() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    static int port(String[] args) {
        if (args.length != 1) {
            throw new IllegalArgumentException("usage: PORT");
        }
        return Integer.parseInt(args[0]);
    }
}
