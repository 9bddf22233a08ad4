package dev.loomgate.cli;

import dev.loomgate.cli.options.UwsgiOptions;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A wrong command line: one line on standard error that says what and, where it can be guessed, what was meant.
final class UsageErrors implements IParameterExceptionHandler {
    private static final int STATUS = 2;

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println("loomgate: " + message(e, args) + "; see --help");
        return STATUS;
    }

    private static String message(ParameterException e, String... args) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return message(unmatched);
        }
        return TypedNames.of(e.getCommandLine().getCommandSpec(), args).in(message(e));
    }

    private static String message(ParameterException e) {
        if (e.getCause() instanceof TypeConversionException wrong && e.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + wrong.getMessage();
        }
        return firstLine(e);
    }

    private static String message(UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        Optional<String> instead = UwsgiOptions.instead(first.replaceFirst("=.*", ""));
        if (instead.isPresent()) {
            return first + " is a uWSGI option, not offered here: " + instead.get();
        }
        List<String> meant = e.getSuggestions();
        return meant.isEmpty()
                ? firstLine(e)
                : firstLine(e) + "; perhaps " + String.join(" or ", meant.subList(0, Math.min(2, meant.size())));
    }

    private static String firstLine(ParameterException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
