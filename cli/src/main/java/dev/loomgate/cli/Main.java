package dev.loomgate.cli;

import dev.loomgate.cli.arguments.GivenArguments;
import dev.loomgate.cli.config.Surroundings;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import dev.loomgate.cli.ctl.CtlCommand;
import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.cli.emperor.VassalThreads;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.options.OptionSections;
import dev.loomgate.cli.options.SiteOptions;
import dev.loomgate.cli.options.UwsgiOptionList;
import dev.loomgate.server.ServerStartException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The program. Its exit status: 0 after a stop that was asked for, 1 if the server can't start or a configuration file
/// is wrong, 2 if the command line is wrong.
public final class Main {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int USAGE = 2;
    private static final int WRONG_CONFIGURATION = 1;
    private static final String DEMO = "demo";
    private static final String CTL = "ctl";

    private Main() {}

    /// @param args the command line
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(CTL)) {
            // Nothing of a server's is set up for it.
            System.exit(
                    CtlCommand.commandLine(System.out, System.err).execute(Arrays.copyOfRange(args, 1, args.length)));
        }
        Optional<String> damage = Arguments.damage(args);
        if (damage.isPresent()) {
            System.err.println("loomgate: " + damage.get());
            System.exit(USAGE);
        }
        ServerLog log = ServerLog.install();
        int status = run(log, args);
        log.flush();
        System.exit(status);
    }

    static int run(ServerLog log, String... args) {
        try {
            Optional<VassalThreads> vassals = VassalThreads.enter();
            return vassals.isPresent()
                    ? vassals.get().run((emperor, arguments) -> run(log, emperor, arguments.toArray(String[]::new)))
                    : run(log, EmperorLink.enter().orElse(null), args);
        } catch (ServerStartException e) {
            System.err.println("loomgate: " + e.getMessage());
            return StartFailures.CANNOT_START;
        }
    }

    private static int run(ServerLog log, @Nullable EmperorLink emperor, String... args) {
        try {
            GivenArguments given = given(System.getenv(), args);
            if (emperor == null || !emperor.sharesProcess()) {
                tell(given);
            }
            return commands(log, given, emperor).execute(given.arguments().toArray(String[]::new));
        } catch (WrongConfiguration e) {
            System.err.println("loomgate: " + e.getMessage());
            return WRONG_CONFIGURATION;
        }
    }

    /// What was read, if that was asked for, and what the operator should know of it.
    static void tell(GivenArguments given) {
        given.shown().ifPresent(System.err::print);
        given.notices().forEach(notice -> LOG.log(Level.WARNING, notice::toString));
    }

    /// The command line, with what configuration files and the environment add to it.
    private static GivenArguments given(Map<String, String> environment, String... args) {
        if ((args.length > 0 && args[0].equals(DEMO)) || !GivenArguments.isMoreThanTyped(environment, args)) {
            return GivenArguments.typed(args);
        }
        CommandSpec command = CommandSpec.create();
        new SiteOptions().addTo(command);
        UwsgiOptionList.addNeedlessTo(command);
        Surroundings surroundings =
                new Surroundings(environment, Path.of("").toAbsolutePath(), System.in, false, Version.number());
        return GivenArguments.read(command, new KnownNames(command), surroundings, args);
    }

    static CommandLine commands(ServerLog log) {
        return commands(log, GivenArguments.typed(), null);
    }

    /// @param emperor whose vassal this process is; or null
    static CommandLine commands(ServerLog log, GivenArguments given, @Nullable EmperorLink emperor) {
        CommandLine commands = new LoomgateCommand(log, given, emperor)
                .commandLine()
                .addSubcommand(new DemoCommand(log).commandLine())
                .addSubcommand(CtlCommand.commandLine(System.out, System.err))
                .setParameterExceptionHandler(new UsageErrors(given.origins()))
                .setOverwrittenOptionsAllowed(true) // the last one counts
                .setUsageHelpAutoWidth(true);
        Stream.concat(Stream.of(commands), commands.getSubcommands().values().stream())
                .forEach(command -> command.getHelpSectionMap()
                        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionSections()));
        return commands;
    }
}
