package dev.loomgate.cli.arguments;

import dev.loomgate.cli.config.entries.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/// Which options a file or the environment has given, and where.
public final class Origins {
    /// @param key the option's name there
    public record Place(String key, Origin origin) {}

    private final Map<String, Place> byName = new HashMap<>();
    private final Map<String, Place> byArgument = new HashMap<>();

    /// None comes from a file.
    public Origins() {}

    void add(OptionSpec option, String argument, Place place) {
        for (String name : option.names()) {
            byName.put(name, place);
        }
        add(argument, place);
    }

    void add(String argument, Place place) {
        byArgument.put(argument, place);
    }

    /// An option was given again, on the command line.
    void typed(OptionSpec option) {
        for (String name : option.names()) {
            byName.remove(name);
        }
    }

    /// Where an option's last value comes from, by one of its names with dashes; empty if it was typed, or not given.
    public Optional<Place> ofOption(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// Where the value comes from that a text begins with, followed by a colon.
    public Optional<Place> ofValueBefore(String text) {
        return byArgument.entrySet().stream()
                .filter(given -> text.startsWith(value(given.getKey()) + ": "))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String value(String argument) {
        return argument.substring(argument.indexOf('=') + 1);
    }

    /// Where an argument as picocli got it comes from.
    public Optional<Place> ofArgument(String argument) {
        return Optional.ofNullable(byArgument.get(argument));
    }
}
