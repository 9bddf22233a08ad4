package dev.loomgate.cli.manual;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The completion for bash: options of the command at hand, and their values where they are words or files.
///
/// It works with bash alone, without the package `bash-completion`, which loads it when it is needed.
public final class BashCompletion {
    private static final String TEXT = """
            # Completion of loomgate(1) for bash, written from its table of options.

            _loomgate() {
              local word=${COMP_WORDS[COMP_CWORD]} before='' command='' options values
              if ((COMP_CWORD > 0)); then before=${COMP_WORDS[COMP_CWORD - 1]}; fi
              # bash takes --option=value for three words.
              if [[ $word == '=' ]]; then
                word=''
              elif [[ $before == '=' ]] && ((COMP_CWORD > 1)); then
                before=${COMP_WORDS[COMP_CWORD - 2]}
              fi
              case ${COMP_WORDS[1]} in
                demo | ctl) if ((COMP_CWORD > 1)); then command=${COMP_WORDS[1]}; fi ;;
              esac
              COMPREPLY=()
              case $before in
            {values}  esac
              case $command in
                demo)
                  options='{demo}'
                  values='' ;;
                ctl)
                  options='{ctl}'
                  values='{verbs}'
                  case $before in
            {second}      esac ;;
                *)
                  options='{options}'
                  values='' ;;
              esac
              if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
                return
              fi
              if ((COMP_CWORD == 1)); then values='demo ctl'; fi
              mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
              if [[ ! $command ]]; then
                compopt -o filenames
                mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
              fi
            }
            complete -F _loomgate loomgate
            """;

    private BashCompletion() {}

    /// The file's text, which ends with a line's end.
    ///
    /// @param commands the program, with the commands `demo` and `ctl`
    /// @param verbs of `ctl`, as they are typed
    public static String of(CommandLine commands, Iterable<String> verbs) {
        CommandLine demo = Commands.named(commands, "demo");
        CommandLine ctl = Commands.named(commands, "ctl");
        Map<String, List<String>> words = Commands.words(verbs);
        return TEXT.replace("{values}", values(commands) + values(ctl))
                .replace("{demo}", options(demo))
                .replace("{ctl}", options(ctl))
                .replace("{options}", options(commands))
                .replace("{verbs}", String.join(" ", words.keySet()))
                .replace("{second}", second(words));
    }

    private static String options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .flatMap(option -> List.of(option.names()).stream())
                .collect(Collectors.joining(" "));
    }

    private static String values(CommandLine command) {
        Map<TypedValue.Kind, List<String>> alike = new EnumMap<>(TypedValue.Kind.class);
        StringBuilder cases = new StringBuilder();
        for (OptionSpec option : command.getCommandSpec().options()) {
            TypedValue value = TypedValue.of(option);
            List<String> names = List.of(option.names());
            if (value.kind() == TypedValue.Kind.CHOICE) {
                String offered = String.join(" ", value.words());
                line(cases, names, "mapfile -t COMPREPLY < <(compgen -W '" + offered + "' -- \"$word\")");
            } else if (!TypedValue.isOptional(option)) {
                alike.computeIfAbsent(value.kind(), kind -> new ArrayList<>()).addAll(names);
            }
        }
        alike.forEach((kind, names) -> {
            switch (kind) {
                case NONE, CHOICE -> {}
                case FILE -> line(cases, names, paths("-f"));
                case DIRECTORY -> line(cases, names, paths("-d"));
                case TEXT -> line(cases, names, ":");
            }
        });
        return cases.toString();
    }

    private static String paths(String kind) {
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen " + kind + " -- \"$word\")";
    }

    private static void line(StringBuilder cases, List<String> names, String command) {
        cases.append("    %s) %s; return ;;%n".formatted(String.join(" | ", names), command));
    }

    private static String second(Map<String, List<String>> words) {
        return words.entrySet().stream()
                .filter(word -> !word.getValue().isEmpty())
                .map(word -> "        %s) values='%s' ;;%n".formatted(word.getKey(), String.join(" ", word.getValue())))
                .collect(Collectors.joining());
    }
}
