package dev.loomgate.cli;

import java.util.List;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A wrong command line: one line on standard error that says what and, where it can be guessed, what was meant.
final class UsageErrors implements IParameterExceptionHandler {
    static final int STATUS = 2;

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        StringBuilder line = new StringBuilder("loomgate: ").append(message(e));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> meant = unmatched.getSuggestions();
            if (!meant.isEmpty()) {
                line.append("; perhaps ").append(String.join(" or ", meant.subList(0, Math.min(2, meant.size()))));
            }
        }
        line.append("; see --help");
        e.getCommandLine().getErr().println(line);
        return STATUS;
    }

    private static String message(ParameterException e) {
        if (e.getCause() instanceof TypeConversionException wrong && e.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + wrong.getMessage();
        }
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
