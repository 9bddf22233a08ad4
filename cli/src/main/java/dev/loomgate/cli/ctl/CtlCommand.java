package dev.loomgate.cli.ctl;

import dev.loomgate.cli.control.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `loomgate ctl VERB ...`: looks at a running server, or tells it something. Exit status: 0; 1 if the server can't be
/// reached or can't do it; 2 if the command line is wrong.
@Command(
        name = "ctl",
        description = "Looks at a running server that has a control socket (--control), or tells it something.",
        sortOptions = false,
        customSynopsis = "loomgate ctl [--control PATH] [--json] VERB [ARGUMENT]")
public final class CtlCommand implements Callable<Integer> {
    private static final int CANNOT = 1;
    private static final int USAGE = 2;
    private static final int OK = 200;
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "the server's control socket; without it, that of the only server of this user")
    private @Nullable Path control;

    @Option(names = "--json", description = "JSON instead of text; logs -f gives an object a line")
    private boolean json;

    @Option(names = "--now", description = "stop: without waiting for requests")
    private boolean now;

    @Option(names = "--off", description = "drain: accept connections again")
    private boolean off;

    @Option(
            names = {"-f", "--follow"},
            description = "logs: until Ctrl-C")
    private boolean follow;

    @Option(
            names = {"-n", "--most"},
            paramLabel = "COUNT",
            description = "requests, logs: so many at most; 1000 otherwise")
    private int most = -1;

    @Parameters(paramLabel = "VERB", arity = "0..*", hidden = true)
    private List<String> words = new ArrayList<>();

    private CtlCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// The verbs as they are typed, `stack ID` and others, each with what it does.
    public static Map<String, String> verbs() {
        Map<String, String> verbs = new LinkedHashMap<>();
        for (Verb verb : Verb.values()) {
            verbs.put(verb.usage(), verb.does());
        }
        return Collections.unmodifiableMap(verbs);
    }

    /// The command, which prints there.
    public static CommandLine commandLine(PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(new CtlCommand(out, err))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, args) -> {
                    err.println("loomgate ctl: " + wrong.getMessage());
                    return USAGE;
                });
        List<String> verbs = new ArrayList<>(List.of("", "Verbs:"));
        verbs().forEach((usage, does) -> verbs.add("  %-18s %s".formatted(usage, does)));
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("show this help and exit")
                        .build());
        line.getCommandSpec().usageMessage().footer(verbs.toArray(String[]::new));
        return line;
    }

    @Override
    public Integer call() {
        Verb verb = Verb.of(words).orElseThrow(() -> wrong(whyNoVerb()));
        if (words.size() > 1 && !ID.matcher(words.getLast()).matches()) {
            throw wrong("\"%s\" is no id".formatted(printable(words.getLast())));
        }
        only(now, "--now", verb, Verb.STOP);
        only(off, "--off", verb, Verb.DRAIN);
        only(follow, "--follow", verb, Verb.LOGS);
        if (most >= 0 && verb != Verb.LOGS) {
            only(true, "--most", verb, Verb.REQUESTS);
        }
        try {
            Path socket = control == null ? onlyServer() : control;
            int status = ControlClient.ask(socket, verb.method(), path(verb), json, out, err);
            return status == OK ? 0 : CANNOT;
        } catch (Unreachable e) {
            err.println("loomgate ctl: " + e.getMessage());
            return CANNOT;
        }
    }

    private String whyNoVerb() {
        if (words.isEmpty()) {
            return "give a verb: status, requests, ... (--help lists them)";
        }
        List<String> meant = Verb.usagesLike(words);
        String given = printable(String.join(" ", words));
        return meant.isEmpty()
                ? "there is no verb \"%s\" (--help lists them)".formatted(given)
                : "there is no verb \"%s\"; did you mean %s?".formatted(given, String.join(", ", meant));
    }

    private void only(boolean given, String option, Verb verb, Verb of) {
        if (given && verb != of) {
            throw wrong(option + " is for " + of + ", and not for " + verb);
        }
    }

    private String path(Verb verb) {
        String path = verb.path(words) + (now ? "/now" : "") + (off ? "/off" : "") + (follow ? "/follow" : "");
        return most < 0 ? path : path + "?most=" + most;
    }

    private static Path onlyServer() throws Unreachable {
        List<Path> sockets;
        try {
            sockets = RunDirectory.socketsOfUser();
        } catch (IOException e) {
            throw new Unreachable(String.valueOf(e.getMessage()), e);
        }
        if (sockets.isEmpty()) {
            throw new Unreachable(
                    "no server of this user has a control socket that is found: start the server with --control PATH,"
                            + " or say where it is (ctl --control PATH), as for one with another /tmp",
                    null);
        }
        if (sockets.size() > 1) {
            throw new Unreachable(
                    "%d servers of this user have control sockets, say which (--control): %s"
                            .formatted(
                                    sockets.size(),
                                    String.join(
                                            ", ",
                                            sockets.stream().map(Path::toString).toList())),
                    null);
        }
        return sockets.getFirst();
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(command.commandLine(), message);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
