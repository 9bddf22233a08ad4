package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.headers.ETags;
import dev.loomgate.toolkit.variants.Codings;
import dev.loomgate.toolkit.variants.Vary;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compresses responses for clients that take gzip.
///
/// Text, JSON, XML, JavaScript and the like, from 1 KB on: a body in memory at once up to 256 KB, a larger one
/// piece by piece while it is sent, without Content-Length; a stream or chunks as they come, each sent as soon as
/// the application has written it. Left alone are files (give [dev.loomgate.toolkit.files.StaticFiles] compressed
/// siblings of them), parts (206), and what is encoded already or says `no-transform`.
///
/// A tag that named the bytes names only their meaning from then on: `ETag: W/"..."`. `If-None-Match` knows it again,
/// `If-Match`, too, and `If-Range` doesn't: the bytes are others. `Vary: Accept-Encoding` is on each response that
/// would be compressed for another client. An answer to HEAD, and a 304, have the headers of the response that GET
/// would get, except its length; where another application than a [dev.loomgate.toolkit.Response] answers 304, it
/// has `Vary`, and the tag in the form that the client sent.
///
/// **BREACH.** A page that shows what a request brought, next to a secret that stays the same, lets an attacker who
/// can make many such requests and see the lengths of the responses guess that secret, letter by letter, even over
/// HTTPS. Don't compress such pages ([#withExemption]), or change the secret each time.
///
/// The work is done on the thread that answers: about 20 ms for a megabyte of text. It yields after each 64 KB, so
/// that where requests share a loop's thread, others are answered meanwhile. Immutable: each method returns a new
/// one.
public final class Gzip implements Middleware {
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
    public Gzip withExemption(Predicate<Environ> exempt) {
        return new Gzip(this.exempt.or(exempt));
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            if (exempt.test(environ)) {
                return inner.call(environ, startResponse);
            }
            understandTags(environ);
            Held held = new Held(startResponse, environ);
            Body body;
            try {
                body = inner.call(environ, held);
            } catch (Exception | Error e) {
                held.letPass();
                throw e;
            }
            return held.release(body);
        });
    }

    /// A client that wants to change what it got compressed has a weak tag, which `If-Match` never matches (RFC 9110
    /// section 13.1.1): the application finds its own tag beside it.
    private static void understandTags(Environ environ) {
        String header = environ.text("HTTP_IF_MATCH", "");
        if (!header.isEmpty()) {
            Set<String> weak = ETags.parse(header).weak();
            if (!weak.isEmpty()) {
                environ.put(
                        "HTTP_IF_MATCH",
                        header + weak.stream().map(tag -> ", \"" + tag + '"').collect(Collectors.joining()));
            }
        }
    }

    /// A start that is held back until the kind of the body is known.
    private static final class Held implements StartResponse {
        private final StartResponse inner;
        private final Environ environ;
        private boolean released;
        private boolean compressing;
        private @Nullable Status status;
        private Headers headers = new Headers();
        private @Nullable Exception cause;

        Held(StartResponse inner, Environ environ) {
            this.inner = inner;
            this.environ = environ;
            inner.viewedBy(this);
        }

        @Override
        public void viewedBy(StartResponse view) {
            inner.viewedBy(view);
        }

        /// The application has failed: what is started now is an error's page.
        void letPass() {
            released = true;
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
            String method = environ.method();
            Compressible.Verdict verdict = Compressible.of(method, first, headers, body);
            if (verdict != Compressible.Verdict.NO) {
                Vary.add(headers, "Accept-Encoding");
            }
            if (verdict != Compressible.Verdict.NO
                    && verdict != Compressible.Verdict.PART
                    && Codings.takesGzip(environ.text("HTTP_ACCEPT_ENCODING", ""))) {
                if (first.code() == 304) {
                    if (verdict == Compressible.Verdict.YES || isKnownAsWeak()) {
                        weaken(headers);
                    }
                } else {
                    compressing = true;
                    encode(headers);
                    // A length of what isn't compressed, or of nothing, would be wrong.
                    sent = method.equals("HEAD") ? Body.stream(_ -> {}).onClose(body::close) : compressed(body);
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
            weaken(headers);
        }

        private static void weaken(Headers headers) {
            headers.first("ETag").filter(tag -> tag.startsWith("\"")).ifPresent(tag -> headers.set("ETag", "W/" + tag));
        }

        /// Whether the client has the tag of a 304 from a response that was compressed.
        private boolean isKnownAsWeak() {
            ETags known = ETags.parse(environ.text("HTTP_IF_NONE_MATCH", ""));
            return known.isEmpty()
                    || headers.first("ETag")
                            .filter(tag ->
                                    tag.length() > 1 && known.weak().contains(tag.substring(1, tag.length() - 1)))
                            .isPresent();
        }
    }

    private static Body compressed(Body body) throws IOException {
        return switch (body) {
            case Body.Bytes bytes -> compressed(bytes.content(), bytes.closing());
            case Body.Text text -> compressed(text.encoded(), text.closing());
            case Body.Chunks chunks -> new GzipPieces().chunks(chunks.chunks(), chunks.closing());
            case Body.Stream stream -> new GzipPieces().stream(stream.content(), stream.closing());
            case Body.FileBody _, Body.WebSocketBody _ -> body;
        };
    }

    private static Body compressed(byte[] content, Runnable closing) throws IOException {
        return content.length <= MAX_WHOLE_BYTES
                ? Body.bytes(GzipPieces.whole(content)).onClose(closing)
                : new GzipPieces().chunks(List.of(content).iterator(), closing);
    }
}
