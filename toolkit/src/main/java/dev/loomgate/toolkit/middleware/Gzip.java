package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.headers.Accept;
import dev.loomgate.toolkit.sansio.OptionsHeader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compresses responses for clients that take gzip.
///
/// Text, JSON, XML, JavaScript and the like, from 1 KB on: a body in memory at once up to 256 KB, a larger one
/// piece by piece while it is sent, without Content-Length; a stream or chunks as they come, each sent as soon as
/// the application has written it. Left alone are files (give [StaticFiles] compressed siblings of them), parts
/// (206), what is encoded already or says `no-transform`, and whatever has no body. A tag that named the bytes
/// names only their meaning from then on: `ETag: W/"..."`. `Vary: Accept-Encoding` is on each response that would
/// be compressed for another client.
///
/// **BREACH.** A page that shows what a request brought, next to a secret that stays the same, lets who can make
/// many such requests and see the lengths of the responses guess that secret, letter by letter, even over HTTPS.
/// Don't compress such pages ([#unless]), or change the secret each time.
///
/// The work is done on the thread that answers: about 20 ms for a megabyte of text. It yields after each 64 KB, so
/// that where requests share a loop's thread, others are answered meanwhile. Immutable: each method returns a new
/// one.
public final class Gzip implements Middleware {
    private static final int MIN_BYTES = 1024;
    private static final int MAX_WHOLE_BYTES = 256 * 1024;

    private final Predicate<Environ> exempt;

    private Gzip(Predicate<Environ> exempt) {
        this.exempt = exempt;
    }

    /// One that compresses what can be.
    public static Gzip of() {
        return new Gzip(_ -> false);
    }

    /// One that leaves the responses to these requests alone, too.
    public Gzip unless(Predicate<Environ> exempt) {
        return new Gzip(this.exempt.or(exempt));
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            if (exempt.test(environ)) {
                return inner.call(environ, startResponse);
            }
            boolean wanted = !environ.method().equals("HEAD") && takesGzip(environ.text("HTTP_ACCEPT_ENCODING", ""));
            Held held = new Held(startResponse, wanted);
            return held.release(inner.call(environ, held));
        });
    }

    private static boolean takesGzip(String header) {
        if (header.isEmpty()) {
            return false;
        }
        Accept accept = Accept.parse(header);
        double gzip = accept.quality("gzip");
        return gzip > 0 && gzip >= accept.quality("identity");
    }

    /// A start that is held back until the kind of the body is known.
    private static final class Held implements StartResponse {
        private final StartResponse inner;
        private final boolean wanted;
        private boolean released;
        private boolean compressing;
        private @Nullable Status status;
        private Headers headers = new Headers();
        private @Nullable Exception cause;

        Held(StartResponse inner, boolean wanted) {
            this.inner = inner;
            this.wanted = wanted;
        }

        @Override
        public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
            if (released) {
                // An error in place of a stream that was to be compressed, and will be.
                if (compressing) {
                    encode(headers);
                }
                inner.start(status, headers, cause);
                return;
            }
            if (this.status != null && cause == null) {
                throw new IllegalStateException("startResponse was called a second time without a cause");
            }
            this.status = status;
            this.headers = headers;
            this.cause = cause;
        }

        Body release(Body body) throws Exception {
            released = true;
            Status first = status;
            if (first == null) {
                return body;
            }
            Body sent = body;
            if (isCompressible(first, headers, body)) {
                Vary.add(headers, "Accept-Encoding");
                if (wanted) {
                    compressing = true;
                    encode(headers);
                    sent = compressed(body);
                    if (sent instanceof Body.Bytes bytes) {
                        headers.set("Content-Length", Integer.toString(bytes.content().length));
                    }
                }
            }
            try {
                inner.start(first, headers, cause);
            } catch (Exception | Error e) {
                sent.close();
                throw e;
            }
            return sent;
        }

        private static void encode(Headers headers) {
            headers.set("Content-Encoding", "gzip");
            headers.remove("Content-Length");
            headers.remove("Accept-Ranges");
            headers.first("ETag")
                    .filter(tag -> !tag.startsWith("W/"))
                    .ifPresent(tag -> headers.set("ETag", "W/" + tag));
        }
    }

    private static boolean isCompressible(Status status, Headers headers, Body body) {
        int length =
                switch (body) {
                    case Body.Bytes bytes -> bytes.content().length;
                    // A character takes a byte at least.
                    case Body.Text text -> text.content().length();
                    case Body.Chunks _, Body.Stream _ -> Integer.MAX_VALUE;
                    case Body.FileBody _ -> 0;
                };
        return length >= MIN_BYTES
                && !status.bodiless()
                && status.code() != 206
                && !headers.contains("Content-Encoding")
                && !headers.contains("Content-Range")
                && headers.all("Cache-Control").stream().noneMatch(value -> value.contains("no-transform"))
                && isText(headers.first("Content-Type").orElse(""));
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

    private static Body compressed(Body body) throws IOException {
        return switch (body) {
            case Body.Bytes bytes -> compressed(bytes.content(), bytes.closing());
            case Body.Text text -> compressed(text.encoded(), text.closing());
            case Body.Chunks chunks -> new GzipPieces().chunks(chunks.chunks(), chunks.closing());
            case Body.Stream stream -> new GzipPieces().stream(stream.content(), stream.closing());
            case Body.FileBody file -> file;
        };
    }

    private static Body compressed(byte[] content, Runnable closing) throws IOException {
        return content.length <= MAX_WHOLE_BYTES
                ? Body.bytes(GzipPieces.whole(content)).onClose(closing)
                : new GzipPieces().chunks(List.of(content).iterator(), closing);
    }
}
