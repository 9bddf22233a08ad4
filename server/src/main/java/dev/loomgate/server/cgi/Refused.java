package dev.loomgate.server.cgi;

import dev.loomgate.server.exchange.ErrorPage;
import dev.loomgate.server.exchange.Refusal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A connection that is not served: why, and how its client is told.
///
/// Write [#reply], log the refusal's line, and close. Bytes of the client that are still unread must be read and
/// dropped for a moment before the close, or the kernel resets the connection and takes the reply away.
///
/// @param refusal why
/// @param language what the client understands
public record Refused(Refusal refusal, Language language) implements CgiMessage {
    /// What a refused client speaks.
    public enum Language {
        HTTP,
        /// Heads that begin with a field `Status` (RFC 3875 section 6.3.3).
        CGI,
        TLS
    }

    // RFC 8446 section 6: alert (21), version 3.1 as old clients want it, two bytes: fatal, handshake_failure.
    private static final byte[] TLS_ALERT = {21, 3, 1, 0, 2, 2, 40};

    public static Refused of(Refusal refusal) {
        return new Refused(refusal, Language.HTTP);
    }

    public static Refused of(int status, String text, String problem) {
        return of(status, text, problem, "");
    }

    public static Refused of(int status, String text, String problem, String setting) {
        return of(new Refusal(status, text, problem, setting));
    }

    /// A TCP peer that may not speak a protocol that brings CGI variables: 403.
    ///
    /// @param protocol begins the operator's line
    public static Refusal peerNotAllowed(String protocol, InetAddress peer) {
        return new Refusal(
                403,
                "this peer may not use this socket",
                protocol + ": refused peer " + peer.getHostAddress()
                        + ", which is neither local nor of an allowed network",
                "allowFrom");
    }

    /// The bytes to send: a whole response whose end is also the connection's, or a TLS alert.
    public byte[] reply() {
        if (language == Language.TLS) {
            return TLS_ALERT.clone();
        }
        ErrorPage page = ErrorPage.of(refusal);
        byte[] content = page.content();
        String beginning = language == Language.CGI ? "Status: " : "HTTP/1.1 ";
        String end = language == Language.CGI ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
        byte[] head = (beginning + page.status() + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                        + content.length + end)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] reply = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, reply, head.length, content.length);
        return reply;
    }
}
