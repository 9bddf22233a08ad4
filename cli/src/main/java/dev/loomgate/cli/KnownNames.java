package dev.loomgate.cli;

import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.options.UwsgiOptionList;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The names of the options that the command has, and of uWSGI's other ones.
final class KnownNames implements KnownOptions {
    private final CommandSpec command;

    KnownNames(CommandSpec command) {
        this.command = command;
    }

    @Override
    public Optional<Takes> find(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        OptionSpec option = command.findOption("--" + name);
        if (option == null) {
            return UwsgiOptionList.find("--" + name).map(KnownNames::takes);
        }
        if (option.arity().max() == 0) {
            return Optional.of(Takes.NOTHING);
        }
        return Optional.of(option.arity().min() == 0 ? Takes.OPTIONAL : Takes.VALUE);
    }

    private static Takes takes(UwsgiOption option) {
        return switch (option.takes()) {
            case NOTHING -> Takes.NOTHING;
            case OPTIONAL -> Takes.OPTIONAL;
            case VALUE -> Takes.VALUE;
        };
    }

    @Override
    public List<String> similar(String name) {
        Stream<String> offered = command.options().stream().flatMap(option -> Stream.of(option.names()));
        List<String> found = typos(offered, name);
        return found.isEmpty() ? typos(UwsgiOptionList.names().stream(), name) : found;
    }

    private static List<String> typos(Stream<String> names, String name) {
        return new SimilarNames(names.filter(each -> each.startsWith("--"))
                        .map(each -> each.substring(2))
                        .toList())
                .byTypos(name);
    }
}
