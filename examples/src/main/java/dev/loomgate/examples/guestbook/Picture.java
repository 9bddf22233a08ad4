package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import java.io.IOException;
import java.nio.file.Path;

/// `/picture/<int:id>`: an entry's picture.
record Picture(Entries entries) {
    Response get(Request request, long id) throws IOException {
        Path path = entries.find(id).flatMap(Entry::picture).orElseThrow(NotFound::new);
        return Response.sendFile(path, request).header("X-Content-Type-Options", "nosniff");
    }
}
