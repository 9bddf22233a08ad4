package dev.loomgate.server.uwsgi;

import dev.loomgate.server.exchange.ErrorPage;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.head.HeadWriter;
import java.net.InetAddress;
import java.util.Arrays;

/// A connection that is not served: why, and how its client is told.
///
/// Write [#reply], log the refusal's line, and close. Bytes of the client that are still unread must be read and
/// dropped for a moment before the close, or the kernel resets the connection and takes the reply away.
///
/// @param refusal why
/// @param language what the client understands
public record Refused(Refusal refusal, Language language) implements UwsgiMessage {
    /// What a refused client speaks.
    public enum Language {
        HTTP,
        TLS
    }

    // RFC 8446 section 6: alert (21), version 3.1 as old clients want it, two bytes: fatal, handshake_failure.
    private static final byte[] TLS_ALERT = {21, 3, 1, 0, 2, 2, 40};

    static Refused of(Refusal refusal) {
        return new Refused(refusal, Language.HTTP);
    }

    static Refused of(int status, String text, String problem) {
        return of(status, text, problem, "");
    }

    static Refused of(int status, String text, String problem, String setting) {
        return of(new Refusal(status, text, problem, setting));
    }

    /// A TCP peer that [AllowedPeers][dev.loomgate.server.bind.AllowedPeers] doesn't have: 403.
    static Refused peerNotAllowed(InetAddress peer) {
        return of(
                403,
                "this peer may not use this socket",
                "uwsgi: refused peer %s, which is neither local nor of an allowed network"
                        .formatted(peer.getHostAddress()),
                "allowFrom");
    }

    /// The bytes to send: a whole HTTP response whose end is also the connection's, or a TLS alert.
    byte[] reply() {
        if (language == Language.TLS) {
            return TLS_ALERT.clone();
        }
        ErrorPage page = ErrorPage.of(refusal);
        byte[] content = page.content();
        byte[] head = HeadWriter.ascii("HTTP/1.1 " + page.status()
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + content.length
                + "\r\nConnection: close\r\n\r\n");
        byte[] reply = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, reply, head.length, content.length);
        return reply;
    }
}
