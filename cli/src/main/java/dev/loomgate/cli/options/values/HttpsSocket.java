package dev.loomgate.cli.options.values;

import dev.loomgate.server.TlsOptions.CertificateFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where to listen for HTTPS, and perhaps with what, as uWSGI's `https` has it:
/// `ADDRESS,CERTIFICATE,KEY[,CIPHERS[,[!]CA]]`, or `addr=ADDRESS,cert=...,key=...,ciphers=...,clientca=...`.
///
/// @param certificate empty where another option names it
/// @param ciphers as OpenSSL lists them, separated by colons; empty for the default
/// @param required whether clients need a certificate of the authorities
public record HttpsSocket(
        SocketName socket, Optional<CertificateFiles> certificate, Optional<String> ciphers, boolean required) {
    private static final Map<String, String> KEYS = Map.of(
            "addr",
            "addr",
            "cert",
            "cert",
            "crt",
            "cert",
            "key",
            "key",
            "ciphers",
            "ciphers",
            "clientca",
            "clientca",
            "client_ca",
            "clientca");
    private static final Map<String, String> NOT_OFFERED = Map.of("spdy", "HTTP/2 has replaced it, and is on");

    /// @throws IllegalArgumentException if the text is none; the message says why in one line
    public static HttpsSocket of(String text) {
        List<String> parts = List.of(text.split(",", -1));
        return of(text, parts.getFirst(), parts.subList(1, parts.size()), List.of());
    }

    /// @throws IllegalArgumentException if the text is none; the message says why in one line
    public static HttpsSocket ofKeys(String text) {
        Map<String, String> values = KeyValues.parse("--https2", text, KEYS, NOT_OFFERED);
        String address = values.get("addr");
        String certificate = values.get("cert");
        String key = values.get("key");
        if (address == null || certificate == null || key == null) {
            throw new IllegalArgumentException("'" + text + "': addr, cert and key are needed");
        }
        return of(
                text,
                address,
                List.of(certificate, key, values.getOrDefault("ciphers", ""), values.getOrDefault("clientca", "")),
                List.of());
    }

    /// A certificate for a name, as uWSGI's `sni` has it: `NAME CERTIFICATE,KEY[,CIPHERS[,[!]CA]]`. Its socket means
    /// nothing.
    ///
    /// @throws IllegalArgumentException if the text is none; the message says why in one line
    public static HttpsSocket ofName(String text) {
        int space = text.indexOf(' ');
        if (space < 1) {
            throw new IllegalArgumentException("'" + text + "': it is NAME CERTIFICATE,KEY");
        }
        List<String> parts = List.of(text.substring(space + 1).strip().split(",", -1));
        return of(text, "=0", parts, List.of(text.substring(0, space)));
    }

    private static HttpsSocket of(String text, String address, List<String> rest, List<String> names) {
        SocketName socket = SocketName.of(address);
        if (rest.isEmpty()) {
            return new HttpsSocket(socket, Optional.empty(), Optional.empty(), false);
        }
        if (rest.size() < 2
                || rest.size() > 4
                || rest.get(0).isEmpty()
                || rest.get(1).isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "': CERTIFICATE,KEY, and perhaps CIPHERS and CA are needed");
        }
        String ciphers = rest.size() > 2 ? rest.get(2) : "";
        String authorities = rest.size() > 3 ? rest.get(3) : "";
        boolean required = authorities.startsWith("!");
        String file = required ? authorities.substring(1) : authorities;
        return new HttpsSocket(
                socket,
                Optional.of(new CertificateFiles(
                        Path.of(rest.get(0)),
                        Path.of(rest.get(1)),
                        names,
                        file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)))),
                ciphers.isEmpty() ? Optional.empty() : Optional.of(ciphers),
                required);
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
