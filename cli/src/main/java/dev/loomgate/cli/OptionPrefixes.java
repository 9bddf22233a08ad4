package dev.loomgate.cli;

import dev.loomgate.cli.config.KnownOptions.Takes;
import dev.loomgate.cli.options.UwsgiOptionList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Completes names of uWSGI's options of which the command line has only the beginning, as uWSGI does (getopt_long):
/// `--harak 30` is `--harakiri 30`'s beginning and no other's. One that is several options' beginning stays as it is.
final class OptionPrefixes {
    private final CommandSpec command;
    private final KnownNames known;

    /// @param command has all options
    OptionPrefixes(CommandSpec command) {
        this.command = command;
        known = new KnownNames(command);
    }

    /// The same command line, with whole names.
    String[] completed(String... args) {
        String[] whole = args.clone();
        for (int i = 0; i < whole.length && !whole[i].equals("--"); i++) {
            if (whole[i].startsWith("--")) {
                whole[i] = completed(whole[i]);
            }
            if (valueFollows(whole[i])) {
                i++;
            }
        }
        return whole;
    }

    private String completed(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (known.find(name.substring(2)).isPresent()) {
            return word;
        }
        List<String> candidates = UwsgiOptionList.names().stream()
                .filter(each -> each.startsWith(name))
                .distinct()
                .toList();
        return candidates.size() == 1 ? candidates.getFirst() + word.substring(name.length()) : word;
    }

    private boolean valueFollows(String word) {
        if (word.startsWith("--")) {
            return word.indexOf('=') < 0 && known.find(word.substring(2)).equals(Optional.of(Takes.VALUE));
        }
        OptionSpec option = word.length() == 2 ? command.findOption(word) : null;
        return option != null && option.arity().min() > 0;
    }
}
