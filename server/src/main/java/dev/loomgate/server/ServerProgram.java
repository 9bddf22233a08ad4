package dev.loomgate.server;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.server.signal.JvmSignal;
import dev.loomgate.server.signal.StopSignals;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A program that is a server: from its arguments to its exit status.
final class ServerProgram {
    static final int STOPPED = 0;
    static final int CANNOT_START = 1;
    static final int WRONG_USAGE = 2;

    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final ListenAddress DEFAULT = ListenAddress.http("127.0.0.1:8000");
    private static final String HTTP = "--http";
    private static final String PORT = "PORT";

    // Of java.util.logging, whose own form takes two lines.
    private static final String FORM = "java.util.logging.SimpleFormatter.format";
    private static final String ONE_LINE = "%1$tF %1$tT.%1$tL %4$s %5$s%6$s%n";
    private static final List<String> CONFIGURED =
            List.of(FORM, "java.util.logging.config.file", "java.util.logging.config.class");

    private final Server.Builder builder;
    private final PrintStream errors;
    private final CompletableFuture<String> stop = new CompletableFuture<>();
    private final StopSignals stops = new StopSignals();

    ServerProgram(Server.Builder builder) {
        this(builder, System.err);
    }

    /// @param errors where what keeps it from running is told
    ServerProgram(Server.Builder builder, PrintStream errors) {
        this.builder = builder;
        this.errors = errors;
    }

    /// Runs until a signal asks for a stop.
    ///
    /// @return the exit status
    int run(Map<String, String> environment, String... args) {
        try {
            List<ListenAddress> places = places(environment, args);
            if (!places.isEmpty()) {
                builder.listenOnly(places);
            }
        } catch (IllegalArgumentException e) {
            errors.println(e.getMessage());
            return WRONG_USAGE;
        }
        if (CONFIGURED.stream().noneMatch(name -> System.getProperty(name) != null)) {
            System.setProperty(FORM, ONE_LINE);
        }
        handle("TERM");
        handle("INT");
        try (Server server = builder.start()) {
            for (ListenAddress address : server.addresses()) {
                LOG.log(Level.INFO, () -> "listening on %s://%s, engine %s"
                        .formatted(lowerCase(address.protocol()), address, lowerCase(server.engine())));
            }
            String signal = stop.join();
            LOG.log(Level.INFO, () -> "stopping on " + signal);
            server.stop();
            return STOPPED;
        } catch (ServerStartException e) {
            errors.println(e.getMessage());
            // What the application's own code has thrown needs its stack.
            if (e.getCause() != null && !(e.getCause() instanceof IOException)) {
                e.getCause().printStackTrace(errors);
            }
            return CANNOT_START;
        }
    }

    /// Where to listen, as who started the program has it; nothing if that is left to the program.
    ///
    /// @throws IllegalArgumentException if something is wrong, with a line that says so
    private List<ListenAddress> places(Map<String, String> environment, String... args) {
        List<ListenAddress> places = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(HTTP) && i + 1 < args.length) {
                places.add(ListenAddress.http(args[++i]));
            } else if (args[i].startsWith(HTTP + "=")) {
                places.add(ListenAddress.http(args[i].substring(HTTP.length() + 1)));
            } else {
                String name = args[i].split("=", 2)[0]; // what follows may be a secret
                throw new IllegalArgumentException(
                        "argument \"%s\": only %s ADDRESS is known, as in %s 127.0.0.1:8000 or %s :8000"
                                .formatted(Quoting.printable(name), HTTP, HTTP, HTTP));
            }
        }
        String port = environment.get(PORT);
        if (places.isEmpty() && port != null) {
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
                throw new IllegalArgumentException("environment variable %s is \"%s\", it must be a port, 0 to 65535"
                        .formatted(PORT, Quoting.printable(port)));
            }
            places.add(ListenAddress.http(":" + port));
        }
        if (places.isEmpty() && !builder.hasListeners()) {
            places.add(DEFAULT);
        }
        return places;
    }

    private void handle(String name) {
        try {
            new JvmSignal(name).handle(number -> {
                StopSignals.Turn turn = stops.came();
                stop.complete("SIG" + name);
                if (turn == StopSignals.Turn.AGAIN) {
                    Runtime.getRuntime().halt(128 + number);
                }
            });
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, () -> "SIG" + name + " ends the program without a graceful stop: " + e);
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
