package dev.loomgate.cli.options.values;

import dev.loomgate.python.SpoolPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/// Where tasks are: a directory as in uWSGI, or `redis:mails,attempts=5` for a queue that several
/// servers share. A directory whose name begins so is written `./redis:mails`.
public final class SpoolPlaceText {
    private static final Map<String, String> KEYS = Stream.of(
                    "length", "size", "dead", "prefetch", "attempts", "losses", "backoff", "max_backoff", "lease")
            .collect(Collectors.toMap(Function.identity(), Function.identity()));

    private SpoolPlaceText() {}

    /// @param option for messages
    /// @throws IllegalArgumentException if it isn't that
    public static SpoolPlace parse(String option, String text) {
        if (!text.startsWith(SpoolPlace.Queue.PREFIX)) {
            return new SpoolPlace.Directory(Path.of(text));
        }
        String name = text.substring(SpoolPlace.Queue.PREFIX.length());
        int comma = name.indexOf(',');
        Map<String, String> values =
                comma < 0 ? Map.of() : KeyValues.parse(option, name.substring(comma + 1), KEYS, Map.of());
        try {
            SpoolPlace.Queue usual = SpoolPlace.Queue.of(comma < 0 ? name : name.substring(0, comma));
            return new SpoolPlace.Queue(
                    usual.name(),
                    size(values, "length", usual.length()),
                    number(size(values, "size", usual.bytes())),
                    number(size(values, "dead", usual.dead())),
                    number(size(values, "prefetch", usual.prefetch())),
                    time(values, "lease", usual.lease()),
                    number(size(values, "attempts", usual.attempts())),
                    number(size(values, "losses", usual.losses())),
                    time(values, "backoff", usual.backoff()),
                    time(values, "max_backoff", usual.maxBackoff()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    private static int number(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static long size(Map<String, String> values, String key, long otherwise) {
        String text = values.get(key);
        return text == null ? otherwise : converted(key, text, new SizeText()::convert);
    }

    private static Duration time(Map<String, String> values, String key, Duration otherwise) {
        String text = values.get(key);
        return text == null ? otherwise : converted(key, text, new DurationText()::convert);
    }

    private static <T> T converted(String key, @Nullable String text, Function<String, T> converter) {
        try {
            return converter.apply(String.valueOf(text));
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
