package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.SiteOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

class OptionPrefixesTest {
    private final CommandSpec command = CommandSpec.create();
    private final OptionPrefixes prefixes;

    OptionPrefixesTest() {
        new SiteOptions().addTo(command);
        prefixes = new OptionPrefixes(command);
    }

    private String completed(String line) {
        return String.join(" ", prefixes.completed(line.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "--proces 4, --processes 4",
        "--proces=4 -w app, --processes=4 -w app",
        "--max-requests-d 5, --max-requests-delta 5",
        "--vacu, --vacuum", // does nothing
        "--emperor-ty x, --emperor-ty x", // several begin so
        "--max-ur 5, --max-ur 5", // ours, not uWSGI's
        "--socket --proces 4, --socket --proces 4", // a value
        "-w --proces, -w --proces",
        "--module x -- --proces, --module x -- --proces",
        "--nothing-of-the-kind, --nothing-of-the-kind",
    })
    void theBeginningOfOneOptionIsThatOption(String typed, String whole) {
        assertThat(completed(typed)).isEqualTo(whole);
    }

    @Test
    void whatIsWholeStaysAsItIs() {
        String[] args = {"-w", "app", "--http", ":0", "--master", "site.ini"};
        assertThat(List.of(prefixes.completed(args))).containsExactly(args);
    }
}
