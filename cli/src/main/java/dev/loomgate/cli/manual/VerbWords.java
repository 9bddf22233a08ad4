package dev.loomgate.cli.manual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The words of verbs: the first ones, each with the words that may follow it.
final class VerbWords {
    private VerbWords() {}

    /// @param verbs as they are typed: `workers add`, `stack ID`. A word in capitals is the user's to fill in
    static Map<String, List<String>> of(Iterable<String> verbs) {
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
