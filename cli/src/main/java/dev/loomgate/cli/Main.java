package dev.loomgate.cli;

import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.options.OptionSections;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The program. Its exit status: 0 after a stop that was asked for, 1 if the server can't start, 2 if the command
/// line is wrong.
public final class Main {
    private static final int USAGE = 2;

    private Main() {}

    /// @param args the command line
    public static void main(String[] args) {
        Optional<String> damage = Arguments.damage(args);
        if (damage.isPresent()) {
            System.err.println("loomgate: " + damage.get());
            System.exit(USAGE);
        }
        ServerLog log = ServerLog.install();
        int status = commands(log).execute(args);
        log.flush();
        System.exit(status);
    }

    static CommandLine commands(ServerLog log) {
        CommandLine commands = new LoomgateCommand(log)
                .commandLine()
                .addSubcommand(new DemoCommand(log).commandLine())
                .setParameterExceptionHandler(new UsageErrors())
                .setUsageHelpAutoWidth(true);
        Stream.concat(Stream.of(commands), commands.getSubcommands().values().stream())
                .forEach(command -> command.getHelpSectionMap()
                        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionSections()));
        return commands;
    }
}
