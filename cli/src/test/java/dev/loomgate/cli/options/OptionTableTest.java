package dev.loomgate.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The one table of options, and what is made from it.
class OptionTableTest {
    // Surefire runs in the module's directory.
    private static final Path COMMITTED = Path.of("../docs/options.md");
    private static final Pattern OPTION = Pattern.compile("`(--?[a-zA-Z0-9-]+)[^`]*`");
    private static final Pattern VALUE = Pattern.compile("[0-9]+[a-z]*|[a-z_]+|python3");

    private record Parsed(SiteOptions options, CommandSpec command) {
        static Parsed of(String... args) {
            SiteOptions options = new SiteOptions();
            CommandSpec command = CommandSpec.create().name("loomgate");
            options.addTo(command);
            new CommandLine(command).parseArgs(args);
            return new Parsed(options, command);
        }

        PythonOptions python() {
            return options.python(
                    ServerOptions.defaults(), new WorkerMode.Sync(), Map.of(), OptionTable.NAMES_OF_SETTINGS);
        }
    }

    /// Writes the file, so that after a change of the table it only has to be committed; a fresh clone in which it is
    /// not up to date fails.
    @Test
    void theFileInTheDocsIsTheTable() throws IOException {
        String written = OptionsDocument.markdown();
        String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";

        if (!committed.equals(written)) {
            Files.writeString(COMMITTED, written);
        }

        assertThat(committed)
                .as("docs/options.md was out of date and is rewritten: look at it and commit it")
                .isEqualTo(written);
    }

    /// The options of all table rows, with the row's default.
    private static Map<String, String> told() {
        Map<String, String> told = new LinkedHashMap<>();
        boolean hasDefaults = false;
        for (String line : OptionsDocument.markdown().lines().toList()) {
            List<String> cells = List.of(line.split(" *\\| *", -1));
            if (cells.size() > 1 && cells.get(1).equals("option")) {
                hasDefaults = cells.contains("default");
            }
            if (cells.size() > 1 && cells.get(1).startsWith("`-")) {
                String standard = hasDefaults ? cells.get(3) : "";
                OPTION.matcher(cells.get(1))
                        .results()
                        .map((MatchResult option) -> option.group(1))
                        .forEach(option -> told.put(option, standard));
            }
        }
        return told;
    }

    @Test
    void everyOptionIsTold() {
        Set<String> real = new TreeSet<>();
        for (OptionSpec option : Parsed.of().command().options()) {
            real.addAll(List.of(option.names()));
        }

        assertThat(told().keySet()).containsExactlyInAnyOrderElementsOf(real);
    }

    @Test
    void defaultsAreTheRealOnes() {
        Parsed without = Parsed.of();
        int compared = 0;
        for (Map.Entry<String, String> option : told().entrySet()) {
            if (VALUE.matcher(option.getValue()).matches()) {
                Parsed with = Parsed.of(option.getKey(), option.getValue());
                assertThat(with.options().server().serverOptions())
                        .as(option.toString())
                        .isEqualTo(without.options().server().serverOptions());
                assertThat(with.python()).as(option.toString()).isEqualTo(without.python());
                assertThat(with.options().reloadTriggers().sourcePeriod())
                        .as(option.toString())
                        .isZero();
                compared++;
            }
        }
        assertThat(compared).isEqualTo(148);
    }

    @Test
    void aFlagOfUwsgisThatMayHaveAValueIsReadAsThere() {
        for (String on : List.of("--need-app", "--need-app=1", "--need-app=yes", "--need-app=true", "--need-app=x")) {
            assertThat(Parsed.of(on).python().needApp()).as(on).isTrue();
        }
        for (String off : List.of("--need-app=0", "--need-app=No", "--need-app=false", "--need-app=off")) {
            assertThat(Parsed.of(off).python().needApp()).as(off).isFalse();
        }
    }

    @Test
    void theMercyOfWorkersCountsBeforeTheGeneralOne() {
        assertThat(Parsed.of("--reload-mercy", "9", "--worker-reload-mercy", "7")
                        .python()
                        .reloadMercy())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(Parsed.of("--reload-mercy", "9").python().reloadMercy()).isEqualTo(Duration.ofSeconds(9));
    }

    /// A row whose default is another one is told with that, and nothing else has to be changed for it.
    @Test
    void aDefaultIsSaidOnce() {
        Option<Integer> before = row(4096);
        Option<Integer> after = row(1 << 20);

        assertThat(OptionsDocument.table(List.of(before))).isEqualTo("""
                        | option | what | default | range | in uWSGI |
                        |---|---|---|---|---|
                        | `--size BYTES` | how large | 4k | at least 1 | same |""");
        assertThat(OptionsDocument.table(List.of(after)))
                .isEqualTo(OptionsDocument.table(List.of(before)).replace("4k", "1m"));
        assertThat(usage(before)).contains("--size=BYTES   how large (default: 4k; at least 1)");
        assertThat(usage(after)).isEqualTo(usage(before).replace("4k", "1m"));
        assertThat(parsed(before)).isEqualTo(4096);
        assertThat(parsed(after)).isEqualTo(1 << 20);
        assertThat(parsed(after, "--size", "8k")).isEqualTo(8192);
    }

    private static Option<Integer> row(int standard) {
        return Option.value(ValueType.SIZE, "--size")
                .standard(standard)
                .range(Range.atLeast(1))
                .inUwsgi(Option.SAME)
                .says("how large");
    }

    private static CommandLine line(Option<Integer> option, OptionValues values) {
        CommandSpec command = CommandSpec.create();
        CommandOptions.add(command, Stream.of(option), values);
        CommandLine line = new CommandLine(command);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, help -> "");
        return line;
    }

    private static String usage(Option<Integer> option) {
        return line(option, new OptionValues()).getUsageMessage();
    }

    private static int parsed(Option<Integer> option, String... args) {
        OptionValues values = new OptionValues();
        line(option, values).parseArgs(args);
        return values.of(option);
    }
}
