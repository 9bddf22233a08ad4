package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A certificate for 127.0.0.1 that nobody has signed but its own key, made by OpenSSL's command.
///
/// @param certificate in PEM
/// @param key in PEM, not encrypted
/// @param store both in PKCS 12, with the password `hello`
public record SelfSigned(Path certificate, Path key, Path store) {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// What signs.
    public enum Key {
        ECDSA("ECDSA P-256", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        RSA("RSA 2048", "rsa:2048");

        private final String shown;

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<String> options;

        Key(String shown, String... options) {
            this.shown = shown;
            this.options = List.of(options);
        }

        public String shown() {
            return shown;
        }
    }

    /// Makes one, in files of `folder`.
    public static SelfSigned make(Path folder, Key kind) throws IOException, InterruptedException {
        SelfSigned made = new SelfSigned(
                folder.resolve(kind + ".crt"), folder.resolve(kind + ".key"), folder.resolve(kind + ".p12"));
        String certificate = made.certificate.toString();
        String key = made.key.toString();
        List<String> making = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey"));
        making.addAll(kind.options);
        making.addAll(List.of("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"));
        making.addAll(List.of("-keyout", key, "-out", certificate));
        Command.output(making, LIMIT);
        Command.output(
                List.of(
                        "openssl",
                        "pkcs12",
                        "-export",
                        "-passout",
                        "pass:hello",
                        "-in",
                        certificate,
                        "-inkey",
                        key,
                        "-out",
                        made.store.toString()),
                LIMIT);
        return made;
    }
}
