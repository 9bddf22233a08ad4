package dev.loomgate.cli.manual;

import dev.loomgate.cli.options.OptionSections;
import dev.loomgate.cli.options.OptionSections.Group;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The completion for zsh: options with what they do, and their values where they are words or files.
public final class ZshCompletion {
    private static final String TEXT = """
            #compdef loomgate
            # Completion of loomgate(1) for zsh, written from its table of options.

            _loomgate_demo() {
              _arguments -S \\
            {demo}}

            _loomgate_verb() {
              local -a verbs=({verbs})
              _describe -t verbs verb verbs
            }

            _loomgate_more() {
              case $words[CURRENT-1] in
            {second}  esac
            }

            _loomgate_ctl() {
              _arguments -S \\
            {ctl}    '1:verb:_loomgate_verb' '2::word:_loomgate_more'
            }

            _loomgate_first() {
              local -a commands=('demo:serve a small application' 'ctl:look at a running server, or tell it something')
              _describe -t commands command commands
              _files
            }

            _loomgate() {
              case $words[2] in
                demo | ctl)
                  if ((CURRENT > 2)); then
                    local command=$words[2]
                    shift words
                    ((CURRENT--))
                    _loomgate_$command
                    return
                  fi ;;
              esac
              _arguments -S \\
            {options}    '1:file:_loomgate_first' '*:file:_files'
            }

            _loomgate "$@"
            """;

    private ZshCompletion() {}

    /// The file's text, which ends with a line's end.
    ///
    /// @param commands the program, with the commands `demo` and `ctl`
    /// @param verbs of `ctl`, as they are typed, each with what it does
    public static String of(CommandLine commands, Map<String, String> verbs) {
        return TEXT.replace("{demo}", options(Commands.named(commands, "demo")).replaceFirst(" \\\\\n$", "\n"))
                .replace("{ctl}", options(Commands.named(commands, "ctl")))
                .replace("{options}", options(commands))
                .replace("{verbs}", verbs(verbs))
                .replace("{second}", second(verbs));
    }

    private static String options(CommandLine command) {
        return OptionSections.of(command.getCommandSpec()).stream()
                .map(Group::options)
                .flatMap(List::stream)
                .flatMap(ZshCompletion::lines)
                .map(line -> "    " + line + " \\\n")
                .collect(Collectors.joining());
    }

    /// One for each name: `'*--mount=[an application below a prefix]:/PREFIX=APPLICATION: '`.
    private static Stream<String> lines(OptionSpec option) {
        String others = Stream.of(option.names()).collect(Collectors.joining(" "));
        String before = option.isMultiValue() ? "*" : "(" + others + ")";
        TypedValue value = TypedValue.of(option);
        String does = "[" + text(String.join(" ", option.description()).replace("%%", "%")) + "]";
        return Stream.of(option.names()).map(name -> {
            if (value.kind() == TypedValue.Kind.NONE) {
                return quoted(before + name + does);
            }
            boolean isLong = name.startsWith("--");
            String equals = TypedValue.isOptional(option) ? (isLong ? "=-" : "-") : (isLong ? "=" : "+");
            String colons = TypedValue.isOptional(option) ? "::" : ":";
            return quoted(before + name + equals + does + colons + text(option.paramLabel()) + ":" + offered(value));
        });
    }

    private static String offered(TypedValue value) {
        return switch (value.kind()) {
            case FILE -> "_files";
            case DIRECTORY -> "_files -/";
            case CHOICE -> "(" + String.join(" ", value.words()) + ")";
            case NONE, TEXT -> " ";
        };
    }

    private static String verbs(Map<String, String> verbs) {
        return Commands.words(verbs.keySet()).keySet().stream()
                .map(word -> quoted(word + ":" + text(does(word, verbs))))
                .collect(Collectors.joining(" "));
    }

    private static String does(String word, Map<String, String> verbs) {
        return verbs.entrySet().stream()
                .filter(verb -> (verb.getKey() + " ").startsWith(word + " "))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static String second(Map<String, String> verbs) {
        return Commands.words(verbs.keySet()).entrySet().stream()
                .filter(word -> !word.getValue().isEmpty())
                .map(word -> "    %s) compadd %s ;;%n".formatted(word.getKey(), String.join(" ", word.getValue())))
                .collect(Collectors.joining());
    }

    /// What stands between the characters that mean something to `_arguments`.
    private static String text(String text) {
        return text.replaceAll("([\\\\\\[\\]:])", "\\\\$1");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
