package dev.loomgate.toolkit.debug;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The script that a page gets in development: it listens for versions, and loads the page again when there is another
/// one. Its nonce is what a Content-Security-Policy lets it run by.
///
/// @param version that made the page
record RefreshScript(String version, String nonce) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    static RefreshScript of(String version) {
        byte[] random = new byte[NONCE_BYTES];
        RANDOM.nextBytes(random);
        return new RefreshScript(version, HexFormat.of().formatHex(random));
    }

    // A browser comes back by itself when the connection breaks off; a server that was started again has other
    // versions.
    byte[] bytes() {
        return """

                <script nonce=%s>
                new EventSource("%s").onmessage = event => { if (event.data !== "%s") location.reload() }
                </script>
                """.formatted(nonce, LiveReload.PATH, version).getBytes(StandardCharsets.US_ASCII);
    }
}
