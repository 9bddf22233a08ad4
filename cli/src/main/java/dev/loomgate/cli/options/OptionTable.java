package dev.loomgate.cli.options;

import dev.loomgate.cli.options.uwsgi.UwsgiOptions;
import dev.loomgate.loop.settings.InvalidSetting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The one table of options: the sections' rows, and those that are uWSGI's alone ([UwsgiOptions]).
public final class OptionTable {
    private static final Set<String> NAMES = Section.options(List.of(Section.values()))
            .flatMap(option -> option.names().stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final Map<String, String> SETTINGS = Section.options(List.of(Section.values()))
            .flatMap(option -> option.settings().entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /// Names the libraries' settings in messages: `maxUriLength` is `--max-uri` here.
    public static final UnaryOperator<String> NAMES_OF_SETTINGS = OptionTable::nameOf;

    private OptionTable() {}

    private static String nameOf(String setting) {
        return SETTINGS.getOrDefault(setting, setting);
    }

    /// The row of an option of uWSGI's that isn't offered, by its name as it was typed; empty if it is
    /// offered, or if uWSGI has none that begins like it. What is in a family may be no option of uWSGI's, but
    /// a typo.
    public static Optional<UwsgiOptions.Refused> instead(String typed) {
        return NAMES.contains(typed) ? Optional.empty() : UwsgiOptions.instead(typed);
    }

    /// What is wrong with a value, for who has typed it.
    public static String message(IllegalArgumentException e) {
        return e instanceof InvalidSetting setting
                ? setting.message(NAMES_OF_SETTINGS)
                : String.valueOf(e.getMessage());
    }
}
