package dev.loomgate.server.cgi;

import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.exchange.Refusal;
import org.jspecify.annotations.Nullable;

/// Recognises other protocols on a socket by their first four bytes, so that a wrong port or a wrong directive in nginx
/// is named as what it is.
public final class ForeignProtocols {
    private static final int PROXY_V1 = fourBytes("PROX");
    private static final int PROXY_V2 = fourBytes("\r\n\r\n");
    private static final int HTTP_RESPONSE = fourBytes("HTTP");
    private static final int HTTP_2 = fourBytes("PRI ");

    private ForeignProtocols() {}

    /// A refusal if `header`, the first byte lowest, begins another protocol.
    ///
    /// @param own what the socket is for: `uwsgi`, whose directive in nginx is `uwsgi_pass`
    public static @Nullable Refused recognise(String own, int header) {
        String socket = "this is a " + own + " socket";
        if (header == PROXY_V1 || header == PROXY_V2) {
            return Refused.of(
                    400,
                    socket + "; it takes no PROXY protocol",
                    "%s: PROXY protocol on a %s socket, from a peer that is not to send it".formatted(own, own),
                    "proxyProtocolFrom");
        }
        if (header == HTTP_RESPONSE) {
            return Refused.of(400, socket, "%s: an HTTP response on a %s socket".formatted(own, own));
        }
        if (isHttp(header)) {
            return Refused.of(
                    400,
                    socket + "; HTTP has a port of its own",
                    ("%s: HTTP request (%s...) on a %s socket: nginx needs %s_pass, not proxy_pass;"
                                    + " HTTP has an address of its own")
                            .formatted(
                                    own,
                                    header == HTTP_2
                                            ? "HTTP/2 PRI"
                                            : text(header).strip(),
                                    own,
                                    own),
                    "ListenAddress.http");
        }
        if (isTls(header)) {
            return new Refused(
                    new Refusal(
                            400,
                            socket + "; it takes no TLS",
                            "%s: TLS handshake on a %s socket (nginx: %s_pass, without s%s:// or https://)"
                                    .formatted(own, own, own, own)),
                    Language.TLS);
        }
        return null;
    }

    // Every registered method (RFC 9110 section 16.1) begins with three capitals and goes on with one or a space. No
    // modifier that is served is a capital.
    private static boolean isHttp(int header) {
        return isCapital(header)
                && isCapital(header >>> 8)
                && isCapital(header >>> 16)
                && (isCapital(header >>> 24) || header >>> 24 == ' ');
    }

    private static boolean isCapital(int bits) {
        int c = bits & 0xff;
        return c >= 'A' && c <= 'Z';
    }

    // RFC 8446 section 5.1: handshake (22), version 3.0 to 3.4, the length's high byte, at most 64.
    private static boolean isTls(int header) {
        return (header & 0xffff) == 0x0316 && ((header >>> 16) & 0xff) <= 4 && (header >>> 24) <= 64;
    }

    private static int fourBytes(String text) {
        return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
    }

    private static String text(int header) {
        return "" + (char) (header & 0xff) + (char) ((header >>> 8) & 0xff) + (char) ((header >>> 16) & 0xff)
                + (char) (header >>> 24);
    }
}
