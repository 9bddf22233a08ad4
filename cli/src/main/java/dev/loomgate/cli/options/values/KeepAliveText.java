package dev.loomgate.cli.options.values;

import dev.loomgate.loop.settings.TimeText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How long connections are kept, as uWSGI takes it: `1` or `true` for just so, or a time. Zero is for just so.
final class KeepAliveText implements ITypeConverter<Duration> {
    static final String JUST_ON = "1";

    /// `30s`, or `1`.
    static String of(Duration time) {
        return time.isZero() ? JUST_ON : TimeText.of(time);
    }

    @Override
    public Duration convert(String text) {
        return switch (text) {
            case JUST_ON, "true", "yes", "on" -> Duration.ZERO;
            case "0", "false", "no", "off" ->
                throw new TypeConversionException(
                        "connections are always kept when the client wants it; --idle-timeout says how long");
            default -> new DurationText().convert(text);
        };
    }
}
