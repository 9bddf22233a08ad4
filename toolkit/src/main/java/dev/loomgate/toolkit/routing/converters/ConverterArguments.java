package dev.loomgate.toolkit.routing.converters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands in brackets after a converter's name: `<int(min=1, max=9):page>`, `<any(about, "a,b"):name>`.
///
/// A value is text, a number, `True`, `False` or `None`.
public final class ConverterArguments {
    private static final Pattern ARGUMENT =
            Pattern.compile("\\s*(?:(\\w+)\\s*=\\s*)?(\"[^\"]*\"|'[^']*'|[^\\s,\"'=()]+)\\s*(?:,|\\z)");

    private final List<String> positional = new ArrayList<>();
    private final Map<String, String> named = new LinkedHashMap<>();

    private ConverterArguments() {}

    /// @throws IllegalArgumentException if the text is not a list of arguments
    public static ConverterArguments parse(String text) {
        ConverterArguments arguments = new ConverterArguments();
        Matcher argument = ARGUMENT.matcher(text);
        int at = 0;
        while (at < text.length()) {
            argument.region(at, text.length());
            if (!argument.lookingAt()) {
                throw new IllegalArgumentException("can't read converter argument '" + text.substring(at) + "'");
            }
            String value = argument.group(2);
            if (value.startsWith("\"") || value.startsWith("'")) {
                value = value.substring(1, value.length() - 1);
            }
            String name = argument.group(1);
            if (name == null) {
                arguments.positional.add(value);
            } else {
                arguments.named.put(name, value);
            }
            at = argument.end();
        }
        return arguments;
    }

    /// The arguments without a name, in order.
    public List<String> positional() {
        return List.copyOf(positional);
    }

    /// The argument of that name, as text.
    public Optional<String> text(String name) {
        return Optional.ofNullable(named.get(name)).filter(value -> !value.equals("None"));
    }

    /// The argument of that name as a whole number.
    ///
    /// @throws IllegalArgumentException if it is none
    public OptionalLong number(String name) {
        Optional<String> value = text(name);
        try {
            return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value.get()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is not a whole number: " + value.get(), e);
        }
    }

    /// The argument of that name as a number.
    ///
    /// @throws IllegalArgumentException if it is none
    public OptionalDouble decimal(String name) {
        Optional<String> value = text(name);
        try {
            return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value.get()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is not a number: " + value.get(), e);
        }
    }

    /// The argument of that name as `True` or `False`; false where it is missing.
    ///
    /// @throws IllegalArgumentException if it is neither
    public boolean flag(String name) {
        return switch (text(name).orElse("False")) {
            case "True", "true" -> true;
            case "False", "false" -> false;
            case String other -> throw new IllegalArgumentException(name + " is not True or False: " + other);
        };
    }

    /// Refuses arguments that the converter doesn't know, since a typing error would go unnoticed.
    ///
    /// @throws IllegalArgumentException if there is one without a name, or of another name
    void only(String... names) {
        Set<String> known = Set.of(names);
        if (!positional.isEmpty()) {
            throw new IllegalArgumentException("needs its arguments by name: " + String.join(", ", names));
        }
        for (String name : named.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("knows no argument " + name + ", only " + String.join(", ", names));
            }
        }
    }
}
