package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.Status;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/// Why a connection is not served: what its client is told, and what the operator reads in the log.
///
/// Write [#reply], log [#logLine], and close. Bytes of the client that are still unread must be read and dropped
/// for a moment before the close, or the kernel resets the connection and takes the reply away.
///
/// @param status the HTTP status of the reply, 400 to 599
/// @param text one sentence for the client; says nothing about the server's inside
/// @param logLine one line for the operator: what happened, the value, the limit and its option
/// @param language what the client understands
public record UwsgiRefusal(int status, String text, String logLine, Language language) implements UwsgiMessage {
    /// What a refused client speaks.
    public enum Language {
        HTTP,
        TLS
    }

    // RFC 8446 section 6: alert (21), version 3.1 as old clients want it, two bytes: fatal, handshake_failure.
    private static final byte[] TLS_ALERT = {21, 3, 1, 0, 2, 2, 40};

    static UwsgiRefusal of(int status, String text, String logLine) {
        return new UwsgiRefusal(status, text, logLine, Language.HTTP);
    }

    /// A TCP peer that [AllowedPeers][dev.loomgate.server.bind.AllowedPeers] doesn't have: 403.
    public static UwsgiRefusal peerNotAllowed(InetAddress peer) {
        return of(
                403,
                "this peer may not use this socket",
                "uwsgi: peer %s is neither local nor allowed (--allow-from)".formatted(peer.getHostAddress()));
    }

    /// The bytes to send: a whole HTTP response whose end is also the connection's, or a TLS alert.
    public byte[] reply() {
        if (language == Language.TLS) {
            return TLS_ALERT.clone();
        }
        String line = Status.of(status).toString();
        String body = line + "\n\n" + text + "\n";
        return ("HTTP/1.1 " + line + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
