package dev.loomgate.cli.config.expansion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagicTest {
    private static final Origin HERE = Origin.commandLine(0);

    private final List<Notice> notices = new ArrayList<>();

    @TempDir
    private Path temporary;

    private Path directory = Path.of("/");
    private Magic magic = new Magic(directory, "");

    @BeforeEach
    void writeFiles() throws IOException {
        directory = temporary.toRealPath();
        Files.createDirectories(directory.resolve("etc/shop"));
        Files.writeString(directory.resolve("etc/shop/site.v2.ini"), "");
        Files.createSymbolicLink(directory.resolve("link.ini"), Path.of("etc/shop/site.v2.ini"));
        magic = new Magic(directory, "1.2.3");
    }

    private String replaced(String text) {
        return magic.replaceIn(text, "site.ini", notices);
    }

    @Test
    void aFileHasItsName() {
        magic.file("etc/../etc/shop/site.v2.ini:prod", false, HERE);

        assertThat(replaced("%s %n %e %x %c")).isEqualTo("site.v2.ini site.v2 ini prod shop");
        assertThat(replaced("%p|%d")).isEqualTo(directory + "/etc/shop/site.v2.ini|" + directory + "/etc/shop/");
        assertThat(replaced("%o")).isEqualTo("etc/../etc/shop/site.v2.ini");
        assertThat(replaced("%0")).isEqualTo(String.valueOf(directory.getName(0)));
        assertThat(notices).isEmpty();
    }

    @Test
    void aLinkKeepsItsOwnName() {
        magic.file("link.ini", false, HERE);

        assertThat(replaced("%s %p")).isEqualTo("link.ini " + directory + "/link.ini");
    }

    @Test
    void upperCaseIsTheFirstFile() {
        magic.file("link.ini", false, HERE);
        magic.file("etc/shop/site.v2.ini", false, HERE);

        assertThat(replaced("%s %S")).isEqualTo("site.v2.ini link.ini");
    }

    @Test
    void aPercentSignIsWrittenTwice() {
        assertThat(replaced("%%Y-%%m %(foo) 100%%")).isEqualTo("%Y-%m %(foo) 100%");
        assertThat(notices).isEmpty();
    }

    @Test
    void anUnknownLetterIsNothingAndThatIsSaid() {
        assertThat(replaced("a\n; %Y in a comment\nlog-date = %Y-%q")).isEqualTo("a\n;  in a comment\nlog-date = -");
        assertThat(notices)
                .extracting(Notice::toString)
                .containsExactly(
                        "site.ini:3: %Y is no magic variable, and becomes nothing; for a % before a letter write %%Y",
                        "site.ini:3: %q is no magic variable, and becomes nothing; for a % before a letter write %%q");
    }

    @Test
    void theSystemHasItsOwn() {
        assertThat(replaced("%v %V %k"))
                .isEqualTo(directory + " 1.2.3 " + Runtime.getRuntime().availableProcessors());
        assertThat(replaced("%u")).matches("[0-9]+");
        assertThat(replaced("%[")).isEqualTo("\033");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> magic.file("none.ini", false, Origin.file("site.ini", 3)))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("site.ini:3: there is no file none.ini");
    }
}
