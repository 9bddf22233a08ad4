package dev.loomgate.examples.guestbook;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.Sessions;
import java.nio.file.Path;

/// The site: entries that all can read, written by those who know the password.
///
/// `./loomgate --http 127.0.0.1:8000 --app dev.loomgate.examples.guestbook.GuestBook`
public final class GuestBook {
    static final long MAX_UPLOAD_BYTES = 5L << 20;

    /// A site for trying out, with the password `welcome`.
    public static final Application application = new TemporarySite("welcome");

    private GuestBook() {}

    /// @param pictures the directory where pictures are kept
    /// @param password what guests log in with
    /// @param key what sessions are signed with, 16 bytes or more
    public static Application of(Path pictures, String password, String key) {
        return Sessions.signed(key).wrap(pages(pictures, password));
    }

    /// The site without its sessions, as who describes it wants it.
    ///
    /// @param pictures the directory where pictures are kept
    /// @param password what guests log in with
    public static WebApplication pages(Path pictures, String password) {
        Entries entries = new Entries(pictures);
        return WebApplication.of(
                Rule.of("/", Resource.of(EntryList.class, () -> new EntryList(entries))),
                Rule.of("/picture/<int:id>", Resource.of(Picture.class, () -> new Picture(entries))),
                Rule.of("/sign", Resource.of(Sign.class, () -> new Sign(entries)))
                        .withLimits(Limits.DEFAULT.withBodyBytes(MAX_UPLOAD_BYTES)),
                Rule.of("/login", Resource.of(Login.class, () -> new Login(password))),
                Rule.of("/logout", Logout.class));
    }
}
