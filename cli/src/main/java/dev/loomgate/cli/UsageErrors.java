package dev.loomgate.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A wrong command line: one line on standard error that says what and, where it can be guessed, what was meant.
final class UsageErrors implements IParameterExceptionHandler {
    private static final int STATUS = 2;

    // Options of uWSGI that somebody who comes from there will try, and what to do instead.
    private static final Map<String, String> OF_UWSGI = Map.ofEntries(
            Map.entry("--ini", "give options on the command line"),
            Map.entry("--xml", "give options on the command line"),
            Map.entry("--yaml", "give options on the command line"),
            Map.entry("--emperor", "let the system's service manager run a server for each site"),
            Map.entry("--daemonize", "let the system's service manager keep it"),
            Map.entry("--uid", "let the system's service manager start it as that user"),
            Map.entry("--gid", "let the system's service manager start it as that group"),
            Map.entry("--gevent", "--asyncio N --greenlet runs many requests at once in a worker"),
            Map.entry("--cheaper", "the number of workers is fixed (--processes)"),
            Map.entry("--static-map", "let nginx serve static files"),
            Map.entry("--stats", "SIGUSR1 writes what runs to the log"),
            Map.entry("--http-socket", "--http does that"),
            Map.entry("--cron", "let the system run jobs"),
            Map.entry("--mule", "let the system run a process of its own"),
            Map.entry("--spooler", "take a queue of its own for background work"));

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
        String instead = OF_UWSGI.get(first.replaceFirst("=.*", ""));
        if (instead != null) {
            return first + " is uWSGI's and not offered here: " + instead;
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
