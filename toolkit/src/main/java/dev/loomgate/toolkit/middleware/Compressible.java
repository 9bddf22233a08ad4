package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.headers.ContentRange;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.variants.UnsentBody;
import java.util.Locale;
import java.util.Optional;

/// Which answers [Gzip] compresses, and which would be if they had their content.
final class Compressible {
    private static final int MIN_BYTES = 1024;

    /// What is to be done.
    enum Verdict {
        /// The answer stays as it is.
        NO,
        /// It would be compressed for a client that takes that, if it were whole.
        PART,
        /// It is compressed for a client that takes that; without content, it has the headers of what is.
        YES,
        /// It is a 304 to which nobody says what it stands for.
        UNKNOWN
    }

    private Compressible() {}

    static Verdict of(String method, Status status, Headers headers, Body body) {
        Optional<UnsentBody> unsent = UnsentBody.in(body);
        if (status.code() == 304) {
            return unsent.map(whole -> whole(whole.headers(), length(whole.body())))
                    .orElseGet(() -> mayBe(headers) ? Verdict.UNKNOWN : Verdict.NO);
        }
        if (status.bodiless()) {
            return Verdict.NO;
        }
        if (status.code() == 206) {
            return part(headers, body);
        }
        if (method.equals("HEAD")) {
            return unsent.map(whole -> whole(whole.headers(), length(whole.body())))
                    .orElseGet(() -> whole(headers, Math.max(length(body), announced(headers, body))));
        }
        return whole(headers, length(body));
    }

    /// The number of bytes at least; 0 for a file and a WebSocket, which are left alone.
    private static long length(Body body) {
        return switch (body) {
            case Body.Bytes bytes -> bytes.content().length;
            // A character takes a byte at least.
            case Body.Text text -> text.content().length();
            case Body.Chunks _, Body.Stream _ -> Long.MAX_VALUE;
            case Body.FileBody _, Body.WebSocketBody _ -> 0;
        };
    }

    /// What GET would send, by a HEAD answer's headers.
    private static long announced(Headers headers, Body body) {
        if (body instanceof Body.FileBody || body instanceof Body.WebSocketBody) {
            return 0;
        }
        String length = headers.first("Content-Length").orElse("");
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : Long.MAX_VALUE;
    }

    private static Verdict whole(Headers headers, long length) {
        return length >= MIN_BYTES
                        && !headers.contains("Content-Range")
                        && mayBe(headers)
                        && isText(headers.first("Content-Type").orElse(""))
                ? Verdict.YES
                : Verdict.NO;
    }

    private static boolean mayBe(Headers headers) {
        return !headers.contains("Content-Encoding")
                && headers.all("Cache-Control").stream()
                        .noneMatch(value -> CacheControl.parse(value).noTransform());
    }

    private static Verdict part(Headers headers, Body body) {
        if (!mayBe(headers) || length(body) == 0) {
            return Verdict.NO;
        }
        String type = headers.first("Content-Type").orElse("");
        // The whole's type is within.
        boolean several = type.toLowerCase(Locale.ROOT).startsWith("multipart/byteranges");
        boolean large = headers.first("Content-Range")
                .flatMap(ContentRange::parse)
                .map(range -> range.length().orElse(Long.MAX_VALUE) >= MIN_BYTES)
                .orElse(several);
        return large && (several || isText(type)) ? Verdict.PART : Verdict.NO;
    }

    private static boolean isText(String contentType) {
        String type = OptionsHeader.parse(contentType).value().toLowerCase(Locale.ROOT);
        return type.startsWith("text/")
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || switch (type) {
                    case "application/json",
                            "application/javascript",
                            "application/xml",
                            "application/x-ndjson",
                            "application/wasm",
                            "image/bmp",
                            "image/vnd.microsoft.icon" -> true;
                    default -> false;
                };
    }
}
