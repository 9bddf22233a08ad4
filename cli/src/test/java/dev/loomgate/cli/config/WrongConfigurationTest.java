package dev.loomgate.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said where uWSGI is silent or crashes: file, line, and a sentence.
class WrongConfigurationTest {
    @TempDir
    private Path directory;

    private Configuration read(String ini) throws IOException {
        Files.writeString(directory.resolve("site.ini"), ini);
        return Reading.in(directory).read("ini", "site.ini");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "include = none.ini | there is no file none.ini",
                "include = %%(dir)/x.ini | there is no file %(dir)/x.ini: what reads a file acts at once, before %(...),"
                        + " $(...) and @(...) are replaced, so that its name can have only magic variables such as %d",
                "ini = $(HOME)/x.ini | there is no file $(HOME)/x.ini: what reads a file acts at once, before %(...),"
                        + " $(...) and @(...) are replaced, so that its name can have only magic variables such as %d",
                "include = site.py | site.py: a configuration file's name ends in .ini, .yaml, .json or .xml",
                "ini = . | can't read .: it is a directory",
                "foo = x%%(foo) | foo: circular: %(foo) leads to itself",
                "a = @(none) | there is no file none",
                "set = a | 'a' is not NAME=VALUE, as set and set-placeholder need it",
                "set-ph = master=1 | master is an option, and can't be a placeholder: set = does that",
                "ini = exec://true | exec://true would run a program: allow that on the command line (--allow-exec)",
                "a = @(exec://true) | exec://true would run a program: allow that on the command line (--allow-exec)",
                "ini = http://x/y | http://x/y: a configuration isn't fetched over the network: give a file",
                "ini = sym://x | sym://x: that is in uWSGI's own program, which isn't here: give a file",
                "ini = emperor:// | emperor://: there is no emperor that would send it",
                "ini = site.ini | site.ini: files that include each other without an end",
                "blacklist = processes\\nprocesses = 1 | processes is forbidden by a blacklist above it",
                "strict =\\nnaster = 1 | naster is no option, and strict allows no others; perhaps master",
                "naster = 1\\nstrict = | naster is no option, and strict allows no others; perhaps master",
                "for = a\\nfor = b | for stands in another block: for and if- can't be nested, end the one before it"
                        + " first",
            })
    void itNamesFileAndLine(String line, String expected) {
        assertThatThrownBy(() -> read("[uwsgi]\n\n" + line.replace("\\n", "\n").replace("%%", "%")))
                .isInstanceOf(WrongConfiguration.class)
                .message()
                .matches("site\\.ini:[34]: .*")
                .endsWith(": " + expected);
    }

    @Test
    void aFileOfTheCommandLineNeedsNoPlace() {
        assertThatThrownBy(() -> Reading.in(directory).read("ini", "none.ini"))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("there is no file none.ini");
    }

    @Test
    void aSectionThatIsNotThereIsANoticeWithThoseThatAre() throws IOException {
        assertThat(read("[prod]\na = 1\n[test]\n").notices())
                .extracting(Notice::toString)
                .containsExactly("there is no section 'uwsgi' in site.ini, only 'prod', 'test'");
    }

    @Test
    void aBlockWithoutAnEndIsANotice() throws IOException {
        assertThat(read("[uwsgi]\nif-env = NONE\na = 1\n").notices())
                .extracting(Notice::toString)
                .containsExactly(
                        "site.ini:2: if-env has no end: all that follows is in its block, after the file, too");
    }

    @Test
    void aLoopOverWhatIsNotReplacedIsANotice() throws IOException {
        assertThat(read("[uwsgi]\nfor = $(HOME)\nmodule = %(_)\nendfor =\n").notices())
                .extracting(Notice::toString)
                .containsExactly("site.ini:2: for acts at once, before %(...), $(...) and @(...) are replaced: it has"
                        + " them as they are");
    }

    @Test
    void whatIsNotUtf8IsRefusedWhereItMatters() throws IOException {
        Files.write(
                directory.resolve("site.ini"),
                "[uwsgi]\n; gr\u00fc\u00dfe\nmodule = gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Reading.in(directory).read("ini", "site.ini"))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("site.ini:3: this isn't UTF-8");
    }
}
