package dev.loomgate.cli;

import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.options.UwsgiOptionList;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A wrong command line: one line on standard error that says what and, where it can be guessed, what was meant.
final class UsageErrors implements IParameterExceptionHandler {
    private static final int WRONG_COMMAND_LINE = 2;
    // As uWSGI has it for what is in files.
    private static final int WRONG_CONFIGURATION = 1;
    private static final Pattern CONFIGURATION_FILE = Pattern.compile(".*\\.toml");
    private static final Pattern MODULE_AND_CALLABLE = Pattern.compile("[A-Za-z_][\\w.]*:[A-Za-z_]\\w*(\\(\\))?");

    private final Origins origins;

    UsageErrors(Origins origins) {
        this.origins = origins;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        if (e instanceof UnmatchedArgumentException) {
            String[] whole = new OptionPrefixes(line.getCommandSpec()).completed(args);
            if (!Arrays.equals(whole, args)) {
                return line.execute(whole);
            }
            if (acceptsMore(line, args)) {
                return line.execute(args);
            }
        }
        PrintWriter err = line.getErr();
        CommandSpec command = line.getCommandSpec();
        Optional<Origins.Place> place = e instanceof UnmatchedArgumentException unmatched
                ? origins.ofArgument(unmatched.getUnmatched().getFirst())
                : ofValue(e);
        if (place.isPresent()) {
            err.println("loomgate: " + place.get().origin() + ": " + message(e, command, place.get(), args));
            return WRONG_CONFIGURATION;
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            // What follows may belong to the first, as the value of an option whose name is wrong.
            String first = unmatched.getUnmatched().getFirst();
            err.println("loomgate: "
                    + (first.startsWith("-") ? ofOption(command, first) : ofArgument(command, first))
                    + "; see --help");
            return WRONG_COMMAND_LINE;
        }
        TypedNames names = TypedNames.of(command, origins, args);
        String message = message(e);
        boolean ofFile = names.place(message).isPresent();
        err.println("loomgate: " + names.located(message) + (ofFile ? "" : "; see --help"));
        return ofFile ? WRONG_CONFIGURATION : WRONG_COMMAND_LINE;
    }

    // What does nothing isn't known before somebody names it: most starts don't.
    private static boolean acceptsMore(CommandLine line, String... args) {
        return isSite(line.getCommandSpec()) && UwsgiOptionList.addNeedlessTo(line.getCommandSpec(), args);
    }

    // Other commands have no options of uWSGI's, except those that do something.
    private static boolean isSite(CommandSpec command) {
        return command.root() == command;
    }

    /// Where the value stands that can't be read; another one of the same option may be right.
    private Optional<Origins.Place> ofValue(ParameterException e) {
        return e.getArgSpec() instanceof OptionSpec option
                ? Stream.of(option.names())
                        .flatMap(name -> origins.ofArgument(name + "=" + e.getValue()).stream())
                        .findFirst()
                : Optional.empty();
    }

    private String message(ParameterException e, CommandSpec command, Origins.Place place, String... args) {
        if (e instanceof UnmatchedArgumentException) {
            String name = "--" + place.key();
            return ofOption(command, name).replace(name + " is ", place.key() + " is ");
        }
        return TypedNames.of(command, origins, args).in(message(e));
    }

    private static String message(ParameterException e) {
        if (e.getCause() instanceof TypeConversionException wrong && e.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + wrong.getMessage();
        }
        return firstLine(e);
    }

    private static String ofOption(CommandSpec command, String typed) {
        String name = typed.replaceFirst("=.*", "");
        Optional<UwsgiOption> ofUwsgi = UwsgiOptionList.find(name)
                .filter(option -> !option.optionClass().isAccepted());
        if (ofUwsgi.isPresent()) {
            return typed + " is a uWSGI option, not offered here: "
                    + ofUwsgi.get().words();
        }
        List<String> accepted = command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .filter(each -> each.startsWith("--"))
                .toList();
        List<String> typos = new SimilarNames(isSite(command) ? withUwsgis(accepted) : accepted).byTypos(name);
        return "Unknown option: '" + typed + "'"
                + perhaps(typos.isEmpty() ? new SimilarNames(accepted).byBeginning(name) : typos);
    }

    private static List<String> withUwsgis(List<String> names) {
        return Stream.concat(names.stream(), UwsgiOptionList.names().stream().filter(each -> each.startsWith("--")))
                .distinct()
                .toList();
    }

    private static String ofArgument(CommandSpec command, String typed) {
        String unexpected = "unexpected argument '" + typed + "'";
        List<String> commands = new SimilarNames(command.subcommands().keySet()).byTypos(typed);
        if (!commands.isEmpty() || command.findOption("--app") == null) {
            return unexpected + perhaps(commands);
        }
        if (typed.endsWith(".py")) {
            return unexpected + ": to run a Python file: --wsgi-file " + typed;
        }
        if (typed.endsWith(".java")) {
            return unexpected + ": to run a Java file: --app " + typed;
        }
        if (MODULE_AND_CALLABLE.matcher(typed).matches()) {
            return unexpected + ": to run a Python module: -w " + typed;
        }
        return CONFIGURATION_FILE.matcher(typed).matches()
                ? unexpected + ": configuration files are .ini, .yaml, .json or .xml"
                : unexpected;
    }

    private static String perhaps(List<String> meant) {
        return meant.isEmpty() ? "" : "; perhaps " + String.join(" or ", meant);
    }

    private static String firstLine(ParameterException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
