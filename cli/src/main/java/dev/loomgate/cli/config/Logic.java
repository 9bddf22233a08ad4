package dev.loomgate.cli.config;

import dev.loomgate.cli.config.expansion.Arithmetic;
import dev.loomgate.cli.config.expansion.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// `for` and `if-...`: how often each line of their body counts, and what `%(_)` is in it.
///
/// A line is decided on its own, when it is added: of a loop's body each line is repeated, not the body.
final class Logic {
    static final Set<String> LOOPS = Set.of("for", "for-glob", "for-times", "for-readline");
    static final Set<String> CONDITIONS = Set.of(
            "if-opt",
            "if-not-opt",
            "if-env",
            "if-not-env",
            "ifenv",
            "if-reload",
            "if-not-reload",
            "if-hostname",
            "if-not-hostname",
            "if-hostname-match",
            "if-not-hostname-match",
            "if-exists",
            "if-not-exists",
            "ifexists",
            "if-plugin",
            "if-not-plugin",
            "ifplugin",
            "if-file",
            "if-not-file",
            "if-dir",
            "if-not-dir",
            "ifdir",
            "if-directory");
    /// What ends a block; `end` isn't an option otherwise.
    static final Set<String> ENDS = Set.of("end", "endfor", "endif", "end-if", "end-for");

    // What is left unreplaced: the line counts once, as it is.
    private static final List<@Nullable String> ONCE = Collections.singletonList(null);
    private static final List<@Nullable String> NEVER = List.of();

    private final String name;
    private final String argument;
    private final Surroundings surroundings;

    /// @param name one of [#LOOPS] or [#CONDITIONS]
    Logic(String name, String argument, Surroundings surroundings) {
        this.name = name;
        this.argument = argument;
        this.surroundings = surroundings;
    }

    static boolean begins(String key) {
        return LOOPS.contains(key) || CONDITIONS.contains(key);
    }

    /// The values of `%(_)` for the next line, as often as it counts.
    ///
    /// @param option the value of an option or variable that was added; null if there is none
    /// @param hasPlugin whether a plugin is loaded
    /// @param hostName asked only where it matters
    List<@Nullable String> items(
            Function<String, @Nullable String> option, Predicate<String> hasPlugin, Supplier<String> hostName) {
        return switch (name) {
            case "for" -> tokens(argument);
            case "for-glob" -> new ArrayList<>(Glob.files(surroundings.directory(), argument));
            case "for-times" -> times();
            case "for-readline" -> lines();
            case "if-opt" -> equal(option);
            case "if-not-opt" -> notEqual(option);
            case "if-env", "ifenv" -> equal(surroundings::variable);
            case "if-not-env" -> notEqual(surroundings::variable);
            case "if-reload" -> NEVER; // a reload doesn't read the configuration again
            case "if-not-reload" -> ONCE;
            case "if-hostname" -> argumentIf(argument.equals(hostName.get()));
            case "if-not-hostname" -> argumentIf(!argument.equals(hostName.get()));
            case "if-hostname-match" -> argumentIf(matches(hostName.get()));
            case "if-not-hostname-match" -> argumentIf(!matches(hostName.get()));
            case "if-exists", "ifexists" -> argumentIf(isThere(Files::isReadable));
            case "if-not-exists" -> argumentIf(!isThere(Files::isReadable));
            case "if-file" -> argumentIf(isThere(Files::isRegularFile));
            case "if-not-file" -> argumentIf(!isThere(Files::isRegularFile));
            case "if-dir", "ifdir", "if-directory" -> argumentIf(isThere(Files::isDirectory));
            case "if-not-dir" -> argumentIf(!isThere(Files::isDirectory));
            case "if-plugin", "ifplugin" -> argumentIf(hasPlugin.test(argument));
            case "if-not-plugin" -> argumentIf(!hasPlugin.test(argument));
            default -> throw new IllegalStateException(name);
        };
    }

    private List<@Nullable String> argumentIf(boolean holds) {
        return holds ? Collections.singletonList(argument) : NEVER;
    }

    private static List<@Nullable String> tokens(String text) {
        return new ArrayList<>(Arrays.stream(text.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    private List<@Nullable String> times() {
        List<@Nullable String> numbers = new ArrayList<>();
        long most = Arithmetic.number(argument);
        for (int i = 1; i <= most; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private List<@Nullable String> lines() {
        try {
            String text = Files.readString(surroundings.directory().resolve(argument), StandardCharsets.UTF_8);
            List<@Nullable String> lines = new ArrayList<>();
            for (String line : text.split("(?<=\n)", -1)) {
                if (!line.isEmpty()) {
                    lines.add(line.replaceFirst("[\r\n]+$", ""));
                }
            }
            return lines;
        } catch (IOException | InvalidPathException e) {
            return NEVER;
        }
    }

    /// `NAME`, which has to be set, or `NAME=VALUE`.
    private List<@Nullable String> equal(Function<String, @Nullable String> value) {
        int equals = argument.indexOf('=');
        String found = value.apply(equals < 0 ? argument : argument.substring(0, equals));
        boolean holds = found != null && (equals < 0 || found.equals(argument.substring(equals + 1)));
        return holds ? Collections.singletonList(found) : NEVER;
    }

    private List<@Nullable String> notEqual(Function<String, @Nullable String> value) {
        int equals = argument.indexOf('=');
        String found = value.apply(equals < 0 ? argument : argument.substring(0, equals));
        boolean holds = found == null || (equals >= 0 && !found.equals(argument.substring(equals + 1)));
        return holds ? Collections.singletonList(found) : NEVER;
    }

    private boolean matches(String hostName) {
        try {
            return Pattern.compile(argument).matcher(hostName).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private boolean isThere(Predicate<Path> kind) {
        try {
            return kind.test(surroundings.directory().resolve(argument));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
