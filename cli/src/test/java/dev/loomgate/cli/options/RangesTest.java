package dev.loomgate.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The ranges that the table tells are those that the libraries check.
class RangesTest {
    static Stream<Option<?>> optionsWithARange() {
        return Section.options(List.of(Section.values()))
                .filter(option -> option.range().isPresent());
    }

    @ParameterizedTest
    @MethodSource("optionsWithARange")
    void bothEndsAreAllowedAndWhatIsPastThemIsRefusedWithTheOptionsName(Option<?> option) {
        Range<?> range = option.range().orElseThrow();
        String least = shown(option, range.least(), 0);
        assertThat(complaint(option, least)).as(least).isEmpty();
        String under = shown(option, range.least(), -1);
        assertThat(complaint(option, under)).as(under).containsAnyOf(names(option));
        if (range.orZero()) {
            assertThat(complaint(option, "0")).isEmpty();
        }
        Object most = range.most();
        if (most != null) {
            assertThat(complaint(option, shown(option, most, 0))).isEmpty();
            String over = shown(option, most, 1);
            assertThat(complaint(option, over)).as(over).containsAnyOf(names(option));
        }
    }

    private static String[] names(Option<?> option) {
        return option.names().toArray(String[]::new);
    }

    private static String shown(Option<?> option, Object value, int more) {
        return switch (value) {
            case Integer number when option.type().equals(ValueType.MODE) -> "%03o".formatted(number + more);
            case Integer number
            when option.type().equals(ValueType.KILOBYTES) -> Integer.toString(number / 1024 + more);
            case Integer number -> Integer.toString(number + more);
            case Long number -> Long.toString(number + more);
            // A nanosecond is the least time there is.
            case Duration time -> ValueType.TIME.shown(time.plusNanos(more));
            default -> throw new AssertionError(value);
        };
    }

    /// What is said of the value; empty if nothing.
    private static String complaint(Option<?> option, String value) {
        SiteOptions options = new SiteOptions();
        CommandSpec command = CommandSpec.create();
        options.addTo(command);
        try {
            new CommandLine(command)
                    .parseArgs(option.names().getFirst()
                            + (option.names().getFirst().startsWith("--") ? "=" : "")
                            + value);
            ServerOptions server = options.server().serverOptions();
            options.server().statistics();
            options.server().metrics();
            options.server().dashboard();
            options.server().subscriptions();
            options.server().drainDelay();
            options.emperor();
            WorkerMode mode = option.names().contains("--gevent")
                    ? new WorkerMode.Gevent(Integer.parseInt(value), WorkerMode.Gevent.Patch.NEVER)
                    : new WorkerMode.Sync();
            options.python(server, mode, Map.of(), OptionTable.NAMES_OF_SETTINGS);
            return "";
        } catch (ParameterException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            return OptionTable.message(e);
        }
    }
}
