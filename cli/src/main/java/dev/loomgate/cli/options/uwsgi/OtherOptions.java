package dev.loomgate.cli.options.uwsgi;

import dev.loomgate.cli.options.uwsgi.UwsgiOption.Takes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The options of uWSGI's that no row of the table offers: `options.txt`, which says how it is written.
///
/// It is read when it is first asked for: a start that names only what is offered needs none of it.
public final class OtherOptions {
    private static final String PURPOSE = "== ";
    private static final String CLASS = "-- ";

    private OtherOptions() {}

    private static final class All {
        static final List<UwsgiOption> OPTIONS = read();
    }

    /// In the order of the documentation.
    public static List<UwsgiOption> all() {
        return All.OPTIONS;
    }

    private static List<UwsgiOption> read() {
        try (InputStream text = OtherOptions.class.getResourceAsStream("options.txt")) {
            return parse(new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IllegalArgumentException if a line is none
    static List<UwsgiOption> parse(String text) {
        List<UwsgiOption> options = new ArrayList<>();
        String purpose = "";
        OptionClass optionClass = OptionClass.NEVER;
        String words = "";
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(PURPOSE)) {
                purpose = line.substring(PURPOSE.length());
            } else if (line.startsWith(CLASS)) {
                String[] parts = line.substring(CLASS.length()).split(": ", 2);
                optionClass = OptionClass.of(parts[0]);
                words = parts.length > 1 ? parts[1] : "";
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                for (String option : line.split(" ", -1)) {
                    options.add(option(option, optionClass, words, purpose));
                }
            }
        }
        return List.copyOf(options);
    }

    // Without regular expressions and streams: many command lines name --master, and a start waits for this.
    private static UwsgiOption option(String text, OptionClass optionClass, String words, String purpose) {
        Takes takes = text.endsWith("[=]") ? Takes.OPTIONAL : text.endsWith("=") ? Takes.VALUE : Takes.NOTHING;
        int end = text.length()
                - switch (takes) {
                    case NOTHING -> 0;
                    case VALUE -> "=".length();
                    case OPTIONAL -> "[=]".length();
                };
        List<String> names = new ArrayList<>(2);
        int from = 0;
        while (from <= end) {
            int bar = text.indexOf('|', from);
            String name = text.substring(from, bar < 0 ? end : bar);
            names.add(name.startsWith("-") ? name : "--" + name);
            from = bar < 0 ? end + 1 : bar + 1;
        }
        return new UwsgiOption(names, takes, optionClass, words, purpose);
    }
}
