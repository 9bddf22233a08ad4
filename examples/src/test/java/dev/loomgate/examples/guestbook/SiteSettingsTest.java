package dev.loomgate.examples.guestbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.settings.Settings;
import dev.loomgate.toolkit.settings.WrongSettings;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guest book that is set up by its operator.
class SiteSettingsTest {
    @TempDir
    private Path directory;

    private Settings settings(String key) throws IOException {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        Files.writeString(credentials.resolve("password"), "sesame\n");
        Files.writeString(credentials.resolve("key"), key + "\n");
        return Settings.of("GUEST_BOOK")
                .withEnvironment(Map.of(
                        "CREDENTIALS_DIRECTORY", credentials.toString(), "GUEST_BOOK_PICTURES", directory.toString()));
    }

    @Test
    void guestsLogInWithTheOperatorsPasswordAndStayLoggedInOverARestart() throws IOException {
        Client client = Client.of(
                settings("a key for the tests only").read(SiteSettings.class).site());
        assertThat(GuestBookTest.protectedPost(client, "/login")
                        .form("name", "Ada", "password", "welcome")
                        .send()
                        .code())
                .isEqualTo(403);
        assertThat(GuestBookTest.protectedPost(client, "/login")
                        .form("name", "Ada", "password", "sesame")
                        .send()
                        .header("Location"))
                .isEqualTo("/sign");

        Client later = Client.of(
                settings("a key for the tests only").read(SiteSettings.class).site());
        later.cookies().set("session", client.cookies().value("session").orElseThrow());

        assertThat(later.get("/sign").send().code()).isEqualTo(200);
    }

    @Test
    void picturesAreInADirectory() throws IOException {
        Settings settings = settings("a key for the tests only").withArguments("--pictures=/dev/null");

        assertThatThrownBy(() -> settings.read(SiteSettings.class))
                .isInstanceOf(WrongSettings.class)
                .hasMessage("pictures is /dev/null, which is no directory");
    }

    @Test
    void aShortKeyIsRefusedAndNotShown() {
        assertThatThrownBy(() -> settings("open sesame").read(SiteSettings.class))
                .isInstanceOf(WrongSettings.class)
                .hasMessage("key is shorter than 16 characters");
    }
}
