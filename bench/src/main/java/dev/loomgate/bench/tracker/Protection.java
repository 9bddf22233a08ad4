package dev.loomgate.bench.tracker;

import dev.loomgate.toolkit.Html;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OWASP's headers, and the comparison of CSRF tokens.
public final class Protection {
    private static final String POLICY = "default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce} "
            + Html.STYLE_SOURCE + "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY.replace("{nonce}", ""),
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-site",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy", "strict-origin-when-cross-origin",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "X-Permitted-Cross-Domain-Policies", "none");

    private Protection() {}

    /// The same for each response; a page with scripts of its own has another [#policy].
    public static Map<String, String> headers() {
        return HEADERS;
    }

    /// The `Content-Security-Policy` of a page with this nonce.
    public static String policy(String nonce) {
        return POLICY.replace("{nonce}", " 'nonce-" + nonce + "'");
    }

    /// Whether a client's token is the session's, in a time that doesn't tell how much of it was right.
    public static boolean isToken(@Nullable String expected, @Nullable String sent) {
        return expected != null
                && sent != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }
}
