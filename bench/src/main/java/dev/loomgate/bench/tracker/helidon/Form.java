package dev.loomgate.bench.tracker.helidon;

import dev.loomgate.bench.tracker.standin.MultiPart;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.common.parameters.Parameters;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A form, read once: by who looks for its token, for who needs its fields.
record Form(Map<String, String> fields, Optional<MultiPart.ReadablePart> file) {
    /// Without fields if the request has none.
    static Form read(ServerRequest request) {
        Map<String, String> fields = new HashMap<>();
        HttpMediaType type = request.headers().contentType().orElse(null);
        if (type != null && type.test(MediaTypes.APPLICATION_FORM_URLENCODED)) {
            Parameters sent = request.content().as(Parameters.class);
            sent.names().forEach(name -> fields.put(name, sent.first(name).orElse("")));
        } else if (type != null && type.test(MediaTypes.MULTIPART_FORM_DATA)) {
            MultiPart parts = MultiPart.of(request, type.text());
            while (parts.hasNext()) {
                MultiPart.ReadablePart part = parts.next();
                if (part.fileName().isPresent()) {
                    return new Form(fields, Optional.of(part));
                }
                fields.put(part.name(), new String(part.content(), StandardCharsets.UTF_8));
            }
        }
        return new Form(fields, Optional.empty());
    }
}
