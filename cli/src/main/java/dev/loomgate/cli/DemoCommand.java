package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.options.ServeOptions;
import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.examples.ArticleApplication;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `loomgate demo`: serves a small application, `ArticleApplication` of the examples.
@Command(
        name = "demo",
        description = "Serves a small application: / answers after a second, /user at once.",
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = "loomgate demo [--http HOST:PORT]... [--https HOST:PORT]... [-s SOCKET]... [OPTIONS]",
        footer = {"", "Without an address it listens on http://127.0.0.1:8000."})
final class DemoCommand implements Callable<Integer> {
    private final ServerLog log;

    @Spec
    private CommandSpec command = CommandSpec.create();

    private final ServeOptions options = new ServeOptions();

    DemoCommand(ServerLog log) {
        this.log = log;
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        CommandOptions.addHelp(line.getCommandSpec());
        options.addTo(line.getCommandSpec());
        return line;
    }

    @Override
    public Integer call() {
        List<ListenAddress> given = WrongValue.checked(command, options::addresses);
        ServerOptions server = WrongValue.checked(command, options::serverOptionsOfDemo);
        log.useText(options.logDate().orElse(null), options.logsRequestIds());
        return new Serving(
                        log,
                        WrongValue.checked(command, options::loggers),
                        server,
                        WrongValue.checked(command, options::process),
                        new StartFailures(command, new Origins(), ServiceState.of(System.getenv())))
                .beside(WrongValue.checked(command, options::daemons))
                .certifiedBy(WrongValue.checked(command, options::acme))
                .observed(WrongValue.checked(command, options::statistics), options.fifos())
                .measured(WrongValue.checked(command, options::metrics))
                .shown(WrongValue.checked(command, options::dashboard))
                .drainsFor(WrongValue.checked(command, options::drainDelay))
                .subscribes(WrongValue.checked(command, options::subscriptions))
                .controlledBy(options.control())
                .run(
                        () -> new LoadedApplication(new ArticleApplication(), List.of()).wrapped(options::wrap),
                        given.isEmpty() ? List.of(ListenAddress.http("127.0.0.1:8000")) : given);
    }
}
