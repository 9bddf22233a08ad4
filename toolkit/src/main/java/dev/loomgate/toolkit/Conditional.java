package dev.loomgate.toolkit;

import dev.loomgate.gateway.Body;
import dev.loomgate.toolkit.headers.ContentRange;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.IfRange;
import dev.loomgate.toolkit.headers.Range;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a request's conditions and ranges make of a response (RFC 9110 sections 13 and 14).
final class Conditional {
    // Nobody reads a document in more pieces at once; each costs a head of its own.
    private static final int MAX_PARTS = 32;

    private final Request request;
    private final Response response;
    private final boolean reads;

    private Conditional(Request request, Response response) {
        this.request = request;
        this.response = response;
        reads = request.method().equals("GET") || request.method().equals("HEAD");
    }

    static void apply(Request request, Response response) {
        // Of anything but a success that reads, there is no other version.
        Conditional conditional = new Conditional(request, response);
        if (conditional.reads && response.status().code() == 200) {
            conditional.apply();
        }
    }

    private void apply() {
        ETag etag = response.etag().orElse(null);
        Instant modified = response.lastModified().orElse(null);
        switch (request.preconditions().evaluate(true, true, etag, modified)) {
            case FAILED -> response.fail(412);
            case NOT_MODIFIED -> response.status(304);
            case PROCEED -> {
                long length = length(response.body());
                if (length >= 0) {
                    response.header("Accept-Ranges", "bytes");
                }
                if (length > 0 && request.method().equals("GET") && isOfThisVersion(etag, modified)) {
                    request.range().ifPresent(range -> apply(range, length));
                }
            }
        }
    }

    private void apply(Range range, long length) {
        if (!range.unit().equals("bytes") || range.specs().size() > MAX_PARTS) {
            return;
        }
        List<Range.Part> parts = range.specs().stream()
                .map(spec -> spec.of(length))
                .flatMap(Optional::stream)
                .toList();
        if (parts.isEmpty()) {
            response.fail(416).header("Content-Range", "bytes */" + length);
        } else if (parts.size() == 1) {
            Range.Part part = parts.getFirst();
            response.status(206)
                    .header("Content-Range", ContentRange.of(part, length).toString())
                    .body(part(response.body(), part), part.length());
        } else if (parts.stream().mapToLong(Range.Part::length).sum() <= length) {
            ByteRanges ranges = new ByteRanges(
                    response.body(), response.header("Content-Type").orElse(""), parts, length);
            response.status(206)
                    .header("Content-Type", ranges.contentType())
                    .body(ranges.body(), ranges.contentLength());
        }
        // Parts that overlap so much that they are more than the whole: that is sent.
    }

    /// Whether `If-Range` wants a part of what is current: without it, parts of anything are wanted.
    private boolean isOfThisVersion(@Nullable ETag etag, @Nullable Instant modified) {
        if (request.headers().first("If-Range").isEmpty()) {
            return true;
        }
        IfRange wanted = request.ifRange();
        if (wanted.etag().isPresent()) {
            ETag tag = wanted.etag().get();
            return etag != null && !tag.weak() && !etag.weak() && tag.value().equals(etag.value());
        }
        return wanted.date().isPresent()
                && modified != null
                && wanted.date().get().equals(modified);
    }

    /// The number of bytes, or -1 if they can't be counted, or not be got at in any order.
    static long length(Body body) {
        return switch (body) {
            case Body.Bytes bytes -> bytes.content().length;
            case Body.Text text -> text.encoded().length;
            case Body.FileBody file -> file.length();
            case Body.Chunks _, Body.Stream _, Body.WebSocketBody _ -> -1;
        };
    }

    private static Body part(Body body, Range.Part part) {
        return switch (body) {
            case Body.Bytes bytes -> slice(bytes.content(), part).onClose(bytes.closing());
            case Body.Text text -> slice(text.encoded(), part).onClose(text.closing());
            case Body.FileBody file ->
                new Body.FileBody(file.path(), file.offset() + part.begin(), part.length(), file.closing());
            case Body.Chunks _, Body.Stream _, Body.WebSocketBody _ ->
                throw new IllegalArgumentException("no parts of a stream");
        };
    }

    private static Body slice(byte[] bytes, Range.Part part) {
        return Body.bytes(Arrays.copyOfRange(bytes, (int) part.begin(), (int) part.end()));
    }
}
