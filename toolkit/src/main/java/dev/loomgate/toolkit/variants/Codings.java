package dev.loomgate.toolkit.variants;

import dev.loomgate.toolkit.headers.Accept;

/// Which content codings a client takes.
public final class Codings {
    private Codings() {}

    /// How much a client likes a coding: 1 at most, 0 if it doesn't take it. `x-gzip` is `gzip` (RFC 9110 section
    /// 8.4.1.3).
    public static double quality(Accept accept, String coding) {
        double quality = accept.quality(coding);
        String old = "x-" + coding;
        boolean named = accept.items().stream().anyMatch(item -> item.value().equalsIgnoreCase(old));
        return named ? Math.max(quality, accept.quality(old)) : quality;
    }

    public static boolean takesGzip(String acceptEncoding) {
        if (acceptEncoding.isEmpty()) {
            return false;
        }
        Accept accept = Accept.parse(acceptEncoding);
        double gzip = quality(accept, "gzip");
        return gzip > 0 && gzip >= accept.quality("identity");
    }
}
