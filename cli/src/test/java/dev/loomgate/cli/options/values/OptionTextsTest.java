package dev.loomgate.cli.options.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// The small languages of option values.
class OptionTextsTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "30, PT30S",
        "0.5, PT0.5S",
        "30s, PT30S",
        "200ms, PT0.2S",
        "1.5m, PT1M30S",
        "1h, PT1H",
        "7d, PT168H",
        "999999999h, PT2562047H47M16.854775807S"
    })
    void timesHaveUnitsAndSecondsWithoutOne(String text, Duration expected) {
        assertThat(new DurationText().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1w", "1 s", "s", ".5", "1e3", "PT1S", "NaN", "٣"})
    void otherTimesAreRefused(String text) {
        assertThatThrownBy(() -> new DurationText().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a time: say seconds, or 200ms, 30s, 5m, 1h, 7d");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65535, 65535",
        "64k, 65536",
        "10M, 10485760",
        "1g, 1073741824",
        "999999999999999g, 9223372036854775807"
    })
    void sizesHaveUnitsAndBytesWithoutOne(String text, long expected) {
        assertThat(new SizeText().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1t", "1.5g", "k", "0x10", "1 k"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> new SizeText().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({"660, 432", "0660, 432", "000, 0", "777, 511"})
    void modesAreOctal(String text, int expected) {
        assertThat(new ModeText().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "66", "888", "u+rw", "1777", "-660", "06600"})
    void otherModesAreRefused(String text) {
        assertThatThrownBy(() -> new ModeText().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
