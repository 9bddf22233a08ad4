package dev.loomgate.openapi;

import dev.loomgate.examples.guestbook.GuestBook;
import dev.loomgate.gateway.Application;
import java.nio.file.Path;

/// The guest book with its document, and the page that shows it.
final class DescribedGuestBook {
    private static final String PASSWORD = "welcome";

    private DescribedGuestBook() {}

    static Application application(Path pictures) {
        return openApi().wrap(GuestBook.of(pictures, PASSWORD, "a key for the tests only"));
    }

    static OpenApi openApi() {
        return OpenApi.of(GuestBook.pages(Path.of("nowhere"), PASSWORD))
                .withTitle("Guest book")
                .withSecurity("token", SecurityScheme.header("X-CSRF-Token"))
                .withOperation(
                        "GET", "/visitor", details -> details.withSummary("Who sends this, and the token for POST")
                                .withTags("Visitor")
                                .withSecurity())
                .withOperation("POST", "/visitor", details -> details.withSummary("Logs in")
                        .withTags("Visitor")
                        .withAnswer(403, "The password or the token is wrong"))
                .withOperation("GET", "/entries", details -> details.withSummary("Looks for entries")
                        .withTags("Entries")
                        .withSecurity())
                .withOperation("POST", "/entries", details -> details.withSummary("Writes an entry")
                        .withTags("Entries")
                        .withAnswer(401, "Nobody has logged in")
                        .withAnswer(403, "The token is wrong"))
                .withOperation("GET", "/picture/<int:id>", details -> details.withSummary("An entry's picture")
                        .withTags("Pictures")
                        .withSecurity()
                        .withAnswer(200, "The picture", "image/*"))
                .withOperation("GET", "/", DescribedGuestBook::page)
                .withOperation("GET", "/sign", DescribedGuestBook::page)
                .withOperation("GET", "/login", DescribedGuestBook::page)
                .withOperation("POST", "/sign", DescribedGuestBook::form)
                .withOperation("POST", "/login", DescribedGuestBook::form)
                .withOperation("POST", "/logout", DescribedGuestBook::form);
    }

    private static OperationDetails page(OperationDetails details) {
        return details.withTags("Pages").withSecurity().withAnswer(200, "A page", "text/html");
    }

    private static OperationDetails form(OperationDetails details) {
        return details.withTags("Pages").withAnswer(303, "Done; the next page is elsewhere");
    }
}
