package dev.loomgate.cli.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.config.Surroundings;
import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import dev.loomgate.cli.options.SiteOptions;
import dev.loomgate.cli.options.UwsgiOptionList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/// Files, the environment and the command line become one row of arguments.
class GivenArgumentsTest {
    private final CommandSpec command = CommandSpec.create();

    @TempDir
    private Path directory;

    GivenArgumentsTest() {
        new SiteOptions().addTo(command);
        UwsgiOptionList.addNeedlessTo(command);
    }

    private GivenArguments read(Map<String, String> environment, String... args) {
        KnownOptions known = new KnownOptions() {
            @Override
            public Optional<Takes> find(String name) {
                return name.equals("daemonize") || command.findOption("--" + name) != null
                        ? Optional.of(Takes.VALUE)
                        : Optional.empty();
            }

            @Override
            public List<String> similar(String name) {
                return name.equals("proesses") ? List.of("processes") : List.of();
            }
        };
        return GivenArguments.read(
                command,
                known,
                new Surroundings(environment, directory, InputStream.nullInputStream(), false, ""),
                args);
    }

    private List<String> arguments(String ini, String... args) throws IOException {
        write(ini);
        return read(Map.of(), args).arguments();
    }

    private List<String> notices(String ini) throws IOException {
        write(ini);
        return read(Map.of(), "site.ini").notices().stream()
                .map(Notice::toString)
                .toList();
    }

    private void write(String ini) throws IOException {
        Files.writeString(directory.resolve("site.ini"), "[uwsgi]\n" + ini);
    }

    @Test
    void aFilesOptionsStandWhereItIsNamed() throws IOException {
        assertThat(arguments("processes = 2\nmodule = x\n", "-p", "1", "--ini", "site.ini", "--threads=3", "-M"))
                .containsExactly("-p", "1", "--processes=2", "--module=x", "--threads=3", "--master");
    }

    @Test
    void aFileWithoutAnOptionIsReadAtTheEnd() throws IOException {
        assertThat(arguments("processes = 2\n", "site.ini", "-p", "1")).containsExactly("-p", "1", "--processes=2");
        assertThat(arguments("[prod]\nprocesses = 2\n", "site.ini:prod")).containsExactly("--processes=2");
    }

    @Test
    void wordsThatAreNoOptionsStay() throws IOException {
        assertThat(arguments("", "--ini=site.ini", "--help", "--lops", "5", "demo"))
                .containsExactly("--help", "--lops", "5", "demo");
    }

    @Test
    void theLastValueOfAFlagCounts() throws IOException {
        assertThat(arguments("disable-logging = true\nlazy-apps\nlazy = off\ngreenlet = 0\n", "--ini", "site.ini"))
                .containsExactly("--disable-logging");
        assertThat(arguments("disable-logging = no\n", "--disable-logging", "--ini", "site.ini"))
                .isEmpty();
        assertThat(arguments("disable-logging = no\n", "--ini", "site.ini", "--disable-logging"))
                .containsExactly("--disable-logging");
    }

    @Test
    void aNumberIsWhatTheValueBeginsWith() throws IOException {
        assertThat(arguments("processes = 4 ; four\nharakiri = 30seconds\n", "site.ini"))
                .containsExactly("--processes=4", "--harakiri=30");
        assertThat(notices("processes = 4 ; four\n"))
                .containsExactly(
                        "site.ini:2: processes is 4, and '; four' is dropped; a comment has a line of its own");
    }

    @Test
    void aCommentInATextIsANotice() throws IOException {
        assertThat(arguments("module = x # the site\n", "site.ini")).containsExactly("--module=x # the site");
        assertThat(notices("module = x # the site\ncallable = \"app\"\n"))
                .containsExactly(
                        "site.ini:2: module: '# the site' is part of the value; a comment has a line of its own",
                        "site.ini:3: callable: the quotes are part of the value");
    }

    @Test
    void aKeyThatIsNoOptionIsANoticeUnlessSomethingRefersToIt() throws IOException {
        assertThat(notices("proesses = 2\nbase = /srv\nchdir = %(base)\nother = 1\nset-ph = x=1\n"))
                .containsExactly(
                        "site.ini:2: proesses is no option and nothing refers to it, did you mean processes?",
                        "site.ini:5: other is no option and nothing refers to it");
    }

    @Test
    void variablesOfTheEnvironmentAreOptions() throws IOException {
        write("processes = 2\n");
        GivenArguments given = read(
                Map.of(
                        "UWSGI_PROCESSES",
                        "3",
                        "UWSGI_INI",
                        "site.ini",
                        "UWSGI_RELOADS",
                        "1",
                        "UWSGI_STATIC_MAP",
                        "/a=/b"),
                "-T");

        assertThat(given.arguments())
                .containsExactly("--processes=2", "--processes=3", "--static-map=/a=/b", "--enable-threads");
        assertThat(given.origins().ofOption("-p"))
                .hasValueSatisfying(place -> assertThat(place.origin()).hasToString("UWSGI_PROCESSES"));
        assertThat(given.notices()).isEmpty();
    }

    @Test
    void anOriginIsOfTheLastValue() throws IOException {
        write("processes = 2\ndaemonize = /x\n");

        Origins inFile = read(Map.of(), "--ini", "site.ini").origins();
        assertThat(inFile.ofOption("--workers"))
                .hasValueSatisfying(place -> assertThat(place.origin()).hasToString("site.ini:2"));
        assertThat(inFile.ofArgument("--daemonize=/x")).isPresent();
        assertThat(read(Map.of(), "--ini", "site.ini", "-p", "4").origins().ofOption("--workers"))
                .isEmpty();
    }

    @Test
    void placeholdersAreReplacedOnTheCommandLineToo() {
        assertThat(read(Map.of("SITE", "shop"), "--set-ph", "a=b", "-w", "$(SITE).%(a)", "--chdir=/")
                        .arguments())
                .containsExactly("--module=shop.b", "--chdir=/");
    }

    @Test
    void programsSeeWhatWasGiven() throws IOException {
        write("processes = 2\nenv = A=1\nenv = B=2\nmine = x\nmaster\n");

        assertThat(read(Map.of(), "--ini", "site.ini", "-T").options().orElseThrow())
                .containsEntry("processes", "2")
                .containsEntry("env", List.of("A=1", "B=2"))
                .containsEntry("mine", "x")
                .containsEntry("master", "")
                .containsEntry("enable-threads", true);
    }

    @Test
    void itIsShownIfThatIsAskedFor() throws IOException {
        write("processes = 2\nshow-config = true\n");

        assertThat(read(Map.of(), "site.ini").shown().orElseThrow()).contains("\nprocesses = 2\n");
        assertThat(read(Map.of(), "--set", "x=1").shown()).isEmpty();
    }

    @Test
    void aFileMayNotAllowItself() throws IOException {
        write("allow-exec = true\n");

        assertThatThrownBy(() -> read(Map.of(), "site.ini"))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("site.ini:2: allow-exec counts on the command line alone");
    }

    @Test
    void aPlainCommandLineIsPassedBy() {
        assertThat(GivenArguments.isMoreThanTyped(Map.of("UWSGI_RELOADS", "1"), "-w", "x", "--http", ":0"))
                .isFalse();
        assertThat(GivenArguments.isMoreThanTyped(Map.of("UWSGI_HTTP", ":0"))).isTrue();
        assertThat(GivenArguments.isMoreThanTyped(Map.of(), "--ini=x")).isTrue();
        assertThat(GivenArguments.isMoreThanTyped(Map.of(), "site.yml")).isTrue();
        assertThat(GivenArguments.isMoreThanTyped(Map.of(), "-Sx=1")).isTrue();
        assertThat(GivenArguments.isMoreThanTyped(Map.of(), "--chdir", "$(HOME)"))
                .isTrue();
    }
}
