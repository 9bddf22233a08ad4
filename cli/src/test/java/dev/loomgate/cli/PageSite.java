package dev.loomgate.cli;

import dev.loomgate.examples.guestbook.GuestBook;
import dev.loomgate.gateway.Application;
import dev.loomgate.templates.Templates;
import dev.loomgate.templates.jte.JteTemplates;
import dev.loomgate.templates.pebble.PebbleTemplates;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.debug.DebugPages;
import dev.loomgate.toolkit.debug.LiveReload;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.middleware.SecurityHeaders;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.sessions.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Pages of all kinds that Loomgate makes: the guest book, pages of templates, and those that a developer sees.
final class PageSite {
    private static final Path TEMPLATES = Path.of("..", "templates", "src", "test", "resources");

    private PageSite() {}

    /// @param directory for what it writes
    static Application in(Path directory) throws IOException {
        Application guestBook = GuestBook.of(directory, "sesame", "a key for the tests only");
        Templates jte = JteTemplates.compiled(TEMPLATES.resolve("jte"), directory.resolve("jte"));
        Templates pebble = PebbleTemplates.of(TEMPLATES.resolve("pebble"));
        WebApplication failing = WebApplication.of(Route.get("/", _ -> {
            throw new IllegalStateException("the stock has 0 of " + "it-is-a-long-word-".repeat(10));
        }));
        return Mounts.of(guestBook)
                .withMount("/jte", notes(jte, "list.jte"))
                .withMount("/pebble", notes(pebble, "list.peb"))
                .withMount("/debug", DebugPages.of().wrap(failing))
                .withMount("/broken", broken(directory));
    }

    private static Application notes(Templates templates, String page) {
        return SecurityHeaders.of()
                .around(Sessions.signed("a key for the tests only"))
                .wrap(WebApplication.of(Route.get("/", (Request request) -> {
                    request.session().flash("success", "Your note is saved.");
                    return templates
                            .view(request, page)
                            .with("notes", List.of("Tea", "Cake"))
                            .withErrors(List.of(InputError.of("text", "Write something, please.")))
                            .response();
                })));
    }

    // As `--autoreload` tells it.
    private static Application broken(Path directory) throws IOException {
        Path file = directory.resolve("Shop.java");
        Files.writeString(file, "class Shop {\n    static int stock() {\n        return \"many\";\n    }\n}\n");
        LiveReload reload = LiveReload.of();
        reload.failed(
                "--app " + file,
                "--app " + file + ": it doesn't compile\n" + file
                        + ":3: error: incompatible types: String cannot be converted to int\n"
                        + "        return \"many\";\n               ^\n1 error",
                null);
        return reload.wrap(WebApplication.of(Route.get("/", _ -> "")));
    }
}
