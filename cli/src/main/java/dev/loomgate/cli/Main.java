package dev.loomgate.cli;

import dev.loomgate.cli.log.ServerLog;
import picocli.CommandLine;

/// The program. Its exit status: 0 after a stop that was asked for, 1 if the server can't start, 2 if the command
/// line is wrong.
public final class Main {
    private Main() {}

    /// @param args the command line
    public static void main(String[] args) {
        ServerLog log = ServerLog.install();
        int status = commands(log).execute(args);
        log.flush();
        System.exit(status);
    }

    static CommandLine commands(ServerLog log) {
        return new CommandLine(new LoomgateCommand(log))
                .addSubcommand(new DemoCommand(log))
                .setParameterExceptionHandler(new UsageErrors())
                .setUsageHelpAutoWidth(true);
    }
}
