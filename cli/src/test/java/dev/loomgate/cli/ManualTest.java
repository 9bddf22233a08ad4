package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The manual page and the completions, read by the programs that they are for.
@Tag("once")
@Timeout(60)
class ManualTest {
    @TempDir
    private Path share;

    @BeforeEach
    void write() throws IOException {
        Manual.main(new String[] {share.toString()});
    }

    @Test
    void thePageIsFormattedWithoutAWarningAndHasAllOptions() throws Exception {
        Path page = share.resolve("man/man1/loomgate.1");

        String shown = Processes.run("bash", "-c", "groff -ww -man -Tascii -rLL=400n -P-cbou " + page + " 2>&1");

        assertThat(shown).startsWith("LOOMGATE(1)").doesNotContain("warning:", "error:");
        assertThat(names()).hasSizeGreaterThan(300).allSatisfy(name -> assertThat(shown)
                .containsPattern("(?m)[ ,]" + name + "(?![\\w-])"));
        assertThat(shown).contains("EXIT STATUS", "workers add", "loomgate --http 127.0.0.1:8000 --app Hello.java");
    }

    @Test
    void bashCompletesOptionsAndTheirValues() throws Exception {
        assertThat(completed("loomgate", "--engi")).containsExactly("--engine");
        assertThat(completed("loomgate", "--engine", "")).containsExactlyInAnyOrder("loop", "virtual", "threads");
        assertThat(completed("loomgate", "--engine", "=", "v")).containsExactly("virtual");
        assertThat(completed("loomgate", "ct")).containsExactly("ctl");
        assertThat(completed("loomgate", "ctl", "st")).containsExactly("status", "stack", "stop");
        assertThat(completed("loomgate", "ctl", "workers", "")).containsExactly("add", "remove", "kill", "reload");
        assertThat(completed("loomgate", "ctl", "--j")).containsExactly("--json");
        assertThat(completed("loomgate", "demo", "--cal")).isEmpty();
        assertThat(completed("loomgate", "--http", "12")).isEmpty();
    }

    @Test
    void bashCompletesFilesWhereAnOptionTakesSome() throws Exception {
        Files.createFile(share.resolve("shop.ini"));
        Files.createDirectory(share.resolve("shops"));

        assertThat(completed("loomgate", share + "/sh"))
                .containsExactlyInAnyOrder(share + "/shop.ini", share + "/shops");
        assertThat(completed("loomgate", "--ini", share + "/shop.")).containsExactly(share + "/shop.ini");
        assertThat(completed("loomgate", "--chdir", share + "/sh")).containsExactly(share + "/shops");
    }

    @Test
    void zshTakesItsFile() throws Exception {
        Path file = share.resolve("zsh/site-functions/_loomgate");

        assertThat(Processes.run("zsh", "-n", file.toString())).isEmpty();
        // Outside a completion `_arguments` isn't called: what it gets is told instead.
        String told = Processes.run(
                "zsh",
                "-fc",
                "_arguments() { print -rl -- \"$@\" }; _files() { }; words=(loomgate ''); CURRENT=2; source " + file);
        assertThat(told.lines())
                .contains("-S")
                .anyMatch(line -> line.startsWith("(--engine)--engine=[") && line.endsWith(":(loop virtual threads)"));
        assertThat(names())
                .allSatisfy(name -> assertThat(told).containsPattern("(?m)[*)]" + name + "(=-|=|\\+|-)?\\["));
    }

    private static List<String> names() {
        CommandLine commands = Main.commands(ServerLog.install());
        return commands.getCommandSpec().options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    private List<String> completed(String... words) throws Exception {
        Path file = share.resolve("bash-completion/completions/loomgate");
        String script = "compopt() { :; }; source " + file + "; COMP_WORDS=(\"$@\"); COMP_CWORD=" + (words.length - 1)
                + "; _loomgate; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = Stream.concat(Stream.of("bash", "--norc", "-euc", script, "bash"), Stream.of(words))
                .toList();
        return Processes.run(command.toArray(String[]::new))
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
