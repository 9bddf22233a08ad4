package dev.loomgate.cli.options;

import dev.loomgate.loop.settings.InvalidSetting;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The one table of options: the sections' rows. Those that are uWSGI's alone are in [UwsgiOptionList].
public final class OptionTable {
    private static final Map<String, String> SETTINGS = Section.options(List.of(Section.values()))
            .flatMap(option -> option.settings().entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /// Names the libraries' settings in messages: `maxUriLength` is `--max-uri` here.
    public static final UnaryOperator<String> NAMES_OF_SETTINGS = OptionTable::nameOf;

    private OptionTable() {}

    private static String nameOf(String setting) {
        return SETTINGS.getOrDefault(setting, setting);
    }

    /// What is wrong with a value, for who has typed it.
    public static String message(IllegalArgumentException e) {
        return e instanceof InvalidSetting setting
                ? setting.message(NAMES_OF_SETTINGS)
                : String.valueOf(e.getMessage());
    }
}
