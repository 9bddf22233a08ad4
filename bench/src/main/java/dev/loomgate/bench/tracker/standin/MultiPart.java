package dev.loomgate.bench.tracker.standin;

import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.MultiPart.Part;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;

/// In the place of `helidon-http-media-multipart`, by Jetty's parser: there it is
/// `request.content().as(MultiPart.class)`.
public final class MultiPart implements Iterator<MultiPart.ReadablePart> {
    private static final MultiPartConfig IN_MEMORY =
            new MultiPartConfig.Builder().maxMemoryPartSize(-1).build();

    private final Iterator<ReadablePart> parts;

    private MultiPart(List<ReadablePart> parts) {
        this.parts = parts.iterator();
    }

    /// A part whose content is in memory.
    ///
    /// @param fileName empty where the client names none
    public record ReadablePart(String name, Optional<String> fileName, byte[] content) {}

    /// Reads all of them.
    public static MultiPart of(ServerRequest request, String contentType) {
        List<ReadablePart> parts = new ArrayList<>();
        try (InputStream body = request.content().inputStream();
                MultiPartFormData.Parts parsed = MultiPartFormData.getParts(
                        Content.Source.from(body), new Attributes.Mapped(), contentType, IN_MEMORY)) {
            for (Part part : parsed) {
                byte[] content =
                        Content.Source.asInputStream(part.getContentSource()).readAllBytes();
                parts.add(new ReadablePart(
                        part.getName(),
                        Optional.ofNullable(part.getFileName()).filter(name -> !name.isEmpty()),
                        content));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MultiPart(parts);
    }

    @Override
    public boolean hasNext() {
        return parts.hasNext();
    }

    @Override
    public ReadablePart next() {
        return parts.next();
    }
}
