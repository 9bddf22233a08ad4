package dev.loomgate.cli;

import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.options.uwsgi.UwsgiOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The names of the options that the command has, and of those of uWSGI's that it refuses.
final class KnownNames implements KnownOptions {
    private final CommandSpec command;

    KnownNames(CommandSpec command) {
        this.command = command;
    }

    @Override
    public Optional<Takes> find(String name) {
        OptionSpec option = name.isEmpty() ? null : command.findOption("--" + name);
        if (option == null) {
            return UwsgiOptions.REFUSED.stream()
                    .filter(row -> row.is(name))
                    .findFirst()
                    .map(row -> Takes.VALUE);
        }
        if (option.arity().max() == 0) {
            return Optional.of(Takes.NOTHING);
        }
        return Optional.of(option.arity().min() == 0 ? Takes.OPTIONAL : Takes.VALUE);
    }

    @Override
    public List<String> similar(String name) {
        Stream<String> offered = command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .filter(each -> each.startsWith("--"))
                .map(each -> each.substring(2));
        List<String> found = new SimilarNames(offered.toList()).byTypos(name);
        if (!found.isEmpty()) {
            return found;
        }
        List<String> refused = UwsgiOptions.REFUSED.stream()
                .filter(row -> !row.isFamily())
                .map(UwsgiOptions.Refused::name)
                .toList();
        return new SimilarNames(refused).byTypos(name);
    }
}
