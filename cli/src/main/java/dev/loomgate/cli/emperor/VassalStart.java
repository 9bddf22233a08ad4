package dev.loomgate.cli.emperor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a vassal is started in a process that runs others as well.
///
/// @param startHook a program that is run with its name before; or null
/// @param onDemand whether it gets a socket for its clients
/// @param arguments its command line
record VassalStart(String name, @Nullable String startHook, boolean onDemand, List<String> arguments) {
    private static final String BETWEEN = "\0";
    private static final int BEFORE_ARGUMENTS = 3;

    VassalStart {
        arguments = List.copyOf(arguments);
    }

    /// @param text what [#text] has made
    static VassalStart of(String text) {
        List<String> parts = List.of(text.split(BETWEEN, -1));
        return new VassalStart(
                parts.get(0),
                parts.get(1).isEmpty() ? null : parts.get(1),
                Boolean.parseBoolean(parts.get(2)),
                parts.subList(BEFORE_ARGUMENTS, parts.size()));
    }

    /// For a message.
    String text() {
        List<String> parts =
                new ArrayList<>(List.of(name, startHook == null ? "" : startHook, Boolean.toString(onDemand)));
        parts.addAll(arguments);
        return String.join(BETWEEN, parts);
    }
}
