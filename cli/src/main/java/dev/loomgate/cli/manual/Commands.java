package dev.loomgate.cli.manual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/// What is typed after the program's name.
final class Commands {
    private Commands() {}

    /// @throws IllegalArgumentException if the program has no such command
    static CommandLine named(CommandLine program, String name) {
        return Optional.ofNullable(program.getSubcommands().get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no command " + name));
    }

    /// The first words of verbs, each with the words that may follow it.
    ///
    /// @param verbs as they are typed: `workers add`, `stack ID`. A word in capitals is the user's to fill in
    static Map<String, List<String>> words(Iterable<String> verbs) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        for (String verb : verbs) {
            List<String> typed = List.of(verb.split(" "));
            List<String> second = words.computeIfAbsent(typed.getFirst(), first -> new ArrayList<>());
            if (typed.size() > 1 && !typed.get(1).matches("[A-Z]+")) {
                second.add(typed.get(1));
            }
        }
        return words;
    }
}
