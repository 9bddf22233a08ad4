package dev.loomgate.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Names an option in a message as the operator typed it: many have more than one name, and a message that has another
/// one sends its reader looking.
final class TypedNames {
    private static final Pattern NAME = Pattern.compile("(?<![\\w-])--?[a-zA-Z][\\w-]*");

    private final Map<String, String> typed;

    private TypedNames(Map<String, String> typed) {
        this.typed = typed;
    }

    /// @param args the command line
    static TypedNames of(CommandSpec command, String... args) {
        Map<String, String> typed = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            List<String> found = found(option, args);
            for (String name : option.names()) {
                if (!found.isEmpty() && !found.contains(name)) {
                    typed.put(name, found.getFirst());
                }
            }
        }
        return new TypedNames(typed);
    }

    /// The message with the typed names in it. Only its first line is ours; a traceback may follow.
    String in(String message) {
        int end = message.indexOf('\n');
        String first = end < 0 ? message : message.substring(0, end);
        Matcher names = NAME.matcher(first);
        return names.replaceAll(name -> Matcher.quoteReplacement(typed.getOrDefault(name.group(), name.group())))
                + message.substring(first.length());
    }

    private static List<String> found(OptionSpec option, String... args) {
        List<String> found = new ArrayList<>();
        for (String arg : args) {
            for (String name : option.names()) {
                boolean is = arg.equals(name)
                        || arg.startsWith(name + "=")
                        || (name.length() == 2 && !arg.startsWith("--") && arg.startsWith(name));
                if (is && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }
}
