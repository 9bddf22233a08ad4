package dev.loomgate.examples.guestbook;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.settings.Settings;
import java.nio.file.Path;

/// A guest book that is kept: its pictures and sessions survive a restart. What it needs to know comes from
/// the environment, the service's credentials, or `/etc/guest-book.properties`:
///
/// ```
/// GUEST_BOOK_PICTURES=/var/lib/guest-book GUEST_BOOK_PASSWORD_FILE=/run/secrets/password \
///     GUEST_BOOK_KEY_FILE=/run/secrets/key \
///     ./loomgate --http :8000 --app dev.loomgate.examples.guestbook.KeptSite
/// ```
public final class KeptSite {
    /// What `--app` serves.
    public static final Application application = Settings.of("GUEST_BOOK")
            .withFileIfThere(Path.of("/etc/guest-book.properties"))
            .read(SiteSettings.class)
            .site();

    private KeptSite() {}
}
