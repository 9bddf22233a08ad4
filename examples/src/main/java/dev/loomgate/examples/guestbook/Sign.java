package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.Unauthorized;
import java.io.IOException;
import java.util.Optional;

/// `/sign`: the form for an entry, for who has logged in.
record Sign(Entries entries) {
    private static final int MAX_CHARACTERS = 1000;

    record Form(String text, Optional<UploadedFile> picture) {
        Form {
            if (text.isBlank() || text.length() > MAX_CHARACTERS) {
                throw new IllegalArgumentException("Write 1 to " + MAX_CHARACTERS + " characters, please.");
            }
            // A browser sends a file without name and bytes where none was chosen.
            picture = picture.filter(file -> !file.filename().isEmpty());
        }
    }

    /// The way to the login page for a stranger; else nothing, and the request goes on.
    Optional<Response> before(Request request) {
        return Guest.of(request).isPresent() ? Optional.empty() : Optional.of(Response.redirect("/login"));
    }

    Response get(Request request) {
        return Page.of(request, "Your entry", """
                <form method=post enctype=multipart/form-data>
                <p><label>Text <textarea name=text required></textarea></label>
                <p><label>Picture <input type=file name=picture accept=image/*></label>
                <p><button>Sign</button></form>
                """);
    }

    Response post(Request request, Form form) throws IOException {
        String author = Guest.of(request).orElseThrow(Unauthorized::new);
        entries.add(author, form.text(), form.picture());
        return Response.redirect("/");
    }
}
