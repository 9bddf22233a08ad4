package dev.loomgate.cli;

import java.util.List;
import java.util.Set;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A wrong command line: one line on standard error that says what and, where it can be guessed, what was meant.
final class UsageErrors implements IParameterExceptionHandler {
    private static final int STATUS = 2;

    // uWSGI's options for it, which somebody who comes from there will try.
    private static final Set<String> PYTHON = Set.of("-w", "--module", "--wsgi", "--wsgi-file", "--mount");

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        e.getCommandLine().getErr().println("loomgate: " + message(e) + "; see --help");
        return STATUS;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return message(unmatched);
        }
        if (e.getCause() instanceof TypeConversionException wrong && e.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + wrong.getMessage();
        }
        return firstLine(e);
    }

    private static String message(UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        if (PYTHON.contains(first)) {
            return first + " takes a Python application, which is not there yet: --app takes one in Java";
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
