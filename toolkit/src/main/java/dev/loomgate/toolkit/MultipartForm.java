package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.syntax.multipart.MultipartDecoder;
import dev.loomgate.toolkit.syntax.multipart.MultipartException;
import dev.loomgate.toolkit.syntax.multipart.MultipartSink;
import dev.loomgate.toolkit.syntax.multipart.PartHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Collects a form's parts, within the limits.
final class MultipartForm implements MultipartSink {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Limits limits;
    private final Spool spool;
    private final MultiMap.Builder<String> fields = MultiMap.builder();
    private final MultiMap.Builder<UploadedFile> files = MultiMap.builder();
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    private @Nullable PartHead part;
    private int parts;
    private long memory;

    private MultipartForm(Limits limits, Spool spool) {
        this.limits = limits;
        this.spool = spool;
    }

    /// Reads the form to its end.
    ///
    /// @param spool keeps the files; the caller closes it on every path
    /// @throws BadRequest if the body is malformed
    /// @throws RequestEntityTooLarge if it is over a limit
    /// @throws IOException if the body or the spool fails
    static Form read(InputStream body, String boundary, Limits limits, Spool spool) throws IOException {
        MultipartForm form = new MultipartForm(limits, spool);
        try {
            MultipartDecoder decoder = new MultipartDecoder(boundary, form);
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                decoder.receive(chunk, 0, count);
            }
            decoder.finish();
        } catch (MultipartException e) {
            String description = String.valueOf(e.getMessage());
            throw e.isOverLimit() ? new RequestEntityTooLarge(description) : new BadRequest(description);
        }
        return new Form(form.fields.build(), form.files.build());
    }

    @Override
    public void part(PartHead head) {
        if (++parts > limits.formParts()) {
            throw new RequestEntityTooLarge("The form has more parts than the limit of " + limits.formParts() + ".");
        }
        part = head;
        if (head.filename() != null) {
            spool.begin();
        }
    }

    @Override
    public void data(byte[] bytes, int offset, int length) throws IOException {
        if (current().filename() != null) {
            spool.write(bytes, offset, length);
            return;
        }
        memory += length;
        if (memory > limits.formMemoryBytes()) {
            throw limits.formTooLarge();
        }
        value.write(bytes, offset, length);
    }

    @Override
    public void partEnd() {
        PartHead head = current();
        if (head.filename() != null) {
            files.add(head.name(), new UploadedFile(head, spool.end()));
        } else {
            fields.add(head.name(), value.toString(charset(head)));
            value.reset();
        }
    }

    private PartHead current() {
        if (part == null) {
            throw new IllegalStateException("no part has begun");
        }
        return part;
    }

    // The few that RFC 7578 section 4.5 leaves in use; anything else is read as UTF-8.
    private static Charset charset(PartHead head) {
        String type = head.headers().getOrDefault("content-type", "");
        String name = OptionsHeader.parse(type).options().getOrDefault("charset", "");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "ascii", "us-ascii" -> StandardCharsets.US_ASCII;
            case "iso-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> StandardCharsets.UTF_8;
        };
    }
}
