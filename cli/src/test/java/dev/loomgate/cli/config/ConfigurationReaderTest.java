package dev.loomgate.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.config.entries.ConfigEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Phases: what acts at once, what is replaced when, and what files do with each other.
class ConfigurationReaderTest {
    @TempDir
    private Path directory;

    private Configuration read(String ini) throws IOException {
        write("site.ini", ini);
        return Reading.in(directory).read("ini", "site.ini");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static List<String> values(Configuration configuration, String key) {
        return configuration.all().stream()
                .filter(entry -> entry.key().equals(key))
                .map(ConfigEntry::text)
                .toList();
    }

    @Test
    void threePassesOneAfterTheOther() throws IOException {
        write("secret", "%(k) $(HOME)\n");

        Configuration read = read("[uwsgi]\nk = $(HOME)\na = @(secret) %(k)\nb = $(NONE)\n");

        assertThat(values(read, "a")).containsExactly("/home/shop $(HOME) /home/shop");
        assertThat(values(read, "b")).containsExactly("$(NONE)");
    }

    @Test
    void theFirstValueCountsForPlaceholdersAlsoALaterOne() throws IOException {
        assertThat(values(read("[uwsgi]\na = %(k)\nk = 1\nk = 2\n"), "a")).containsExactly("1");
    }

    @Test
    void aValueMayReferToWhatIsReplacedInItAlready() throws IOException {
        assertThat(values(read("[uwsgi]\na = %(3 + 4)/%(a + 1)\n"), "a")).containsExactly("7/8");
    }

    @Test
    void whatActsAtOnceIsNotReplaced() throws IOException {
        assertThat(values(read("[uwsgi]\nk = 5\nlisten = %(k)\n"), "listen")).containsExactly("%(k)");
    }

    @Test
    void setIsALineAndSetPlaceholderIsNotReplaced() throws IOException {
        Configuration read = read("[uwsgi]\nset = a=$(HOME)\nset-ph = b=$(HOME)\nc = %(b)\n");

        assertThat(values(read, "a")).containsExactly("/home/shop");
        assertThat(values(read, "b")).containsExactly("$(HOME)");
        assertThat(values(read, "c")).containsExactly("$(HOME)");
        assertThat(read.unknown()).extracting(ConfigEntry::key).containsExactly("a", "c");
    }

    @Test
    void anotherFilesTextStandsAroundAFile() throws IOException {
        write("before", "[uwsgi]\na = 1\n");
        write("after", "\nc = 3\n");
        write("site.ini", "[uwsgi]\nb = 2\n");

        Configuration read =
                Reading.in(directory).read("inject-before", "before", "inject-after", "after", "ini", "site.ini");

        assertThat(read.unknown())
                .extracting(entry -> entry.key() + " " + entry.origin())
                .containsExactly("a before:2", "b site.ini:2", "c after:2");
    }

    @Test
    void aFileIsReadWhereItIsNamed() throws IOException {
        write("part.ini", "[uwsgi]\nprocesses = 2\n");

        Configuration read = read("[uwsgi]\nprocesses = 1\ninclude = part.ini\nprocesses = 3\n");

        assertThat(values(read, "processes")).containsExactly("1", "2", "3");
        assertThat(read.options()).extracting(ConfigEntry::text).containsExactly("1", "2", "3");
    }

    @Test
    void whatIsInheritedComesLastAndIsNotReplaced() throws IOException {
        write("part.ini", "[uwsgi]\nmodule = %(k) %n\nif-env = HOME\nthreads = 1\nendif =\n");

        Configuration read = read("[uwsgi]\nk = part\ninherit = %(k).ini\nmodule = own\n");

        assertThat(values(read, "module")).containsExactly("own", "%(k) part");
        assertThat(values(read, "threads")).containsExactly("1");
    }

    @Test
    void aSectionAloneIsOfTheIniFileBefore() throws IOException {
        assertThat(values(read("[uwsgi]\nini = :prod\n[prod]\na = %x\n"), "a")).containsExactly("prod");
    }

    @Test
    void ourOwnSectionIsReadWhereThereIsNoOther() throws IOException {
        assertThat(values(read("[loomgate]\nprocesses = 4\n"), "processes")).containsExactly("4");
        assertThat(values(read("[loomgate]\nprocesses = 4\n[uwsgi]\nprocesses = 5\n"), "processes"))
                .containsExactly("5");
        write("site.yaml", "loomgate:\n  processes: 6\n");
        assertThat(values(Reading.in(directory).read("yaml", "site.yaml"), "processes"))
                .containsExactly("6");
    }

    @Test
    void standardInputIsAFile() {
        Configuration read =
                Reading.in(directory).input("[uwsgi]\nprocesses = 4\n").read("ini", "-");

        assertThat(values(read, "processes")).containsExactly("4");
    }

    @Test
    void aProgramsOutputIsAFileIfThatIsAllowed() {
        Configuration read = Reading.in(directory)
                .allowingExec()
                .read("ini", "exec://printf '[uwsgi]\\nprocesses = 4\\n'", "touch-reload", "@(exec://echo x)");

        assertThat(values(read, "processes")).containsExactly("4");
        assertThat(values(read, "touch-reload")).containsExactly("x");
    }

    @Test
    void aLoopRepeatsEachLine() throws IOException {
        Configuration read = read("[uwsgi]\nfor = a b\nx = <%(_)>\ny = %(_)\nendfor =\nz = %(_)\n");

        assertThat(read.all())
                .extracting(entry -> entry.key() + entry.text())
                .containsSubsequence("x<a>", "x<b>", "ya", "yb", "z%(_)");
    }

    @Test
    void aConditionDecidesForEachLine() throws IOException {
        Configuration read = read("""
                [uwsgi]
                if-not-opt = k
                k = first
                k = second
                endif =
                if-env = HOME=/home/shop
                home = %(_)
                endif =
                if-env = HOME=/
                home = no
                endif =
                if-exists = site.ini
                there = %(_)
                end =
                """);

        assertThat(values(read, "k")).containsExactly("first");
        assertThat(values(read, "home")).containsExactly("/home/shop");
        assertThat(values(read, "there")).containsExactly("site.ini");
    }

    @Test
    void anOptionMayBeDeclared() throws IOException {
        Configuration read = read("""
                [uwsgi]
                declare-option = site=socket=$1;module=$2;set=name=$2
                site = :3031 shop.wsgi
                """);

        assertThat(read.options())
                .extracting(entry -> entry.key() + "=" + entry.text())
                .containsExactly("socket=:3031", "module=shop.wsgi");
        assertThat(values(read, "name")).containsExactly("shop.wsgi");
    }

    @Test
    void whatItShowsIsAnIniFile() throws IOException {
        assertThat(read("[uwsgi]\nmaster\nk = 1\n").shown())
                .isEqualTo("\n;uWSGI instance configuration\n[uwsgi]\nini = site.ini\nmaster = \nk = 1\n"
                        + ";end of configuration\n\n");
        assertThat(Reading.in(directory).read("master", "(none)").shown()).contains("master = true\n");
    }

    @Test
    void theCallersLocaleIsTheEnvironments() {
        Map<String, String> environment = Map.of("LC_ALL", "C.UTF-8", "LOOMGATE_LC_ALL", "de_DE.UTF-8");

        assertThat(values(
                        Reading.in(directory).environment(environment).read("touch-reload", "$(LC_ALL)"),
                        "touch-reload"))
                .containsExactly("de_DE.UTF-8");
    }
}
