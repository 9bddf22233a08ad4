package dev.loomgate.cli;

import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.server.ServerStartException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// The log and the loggers, as the server's process has to do with them.
record ProcessLogs(ServerLog log, Loggers loggers) implements ServerProcess.Logs {
    @Override
    public void alsoTo(@Nullable OutputStream terminal) {
        log.alsoTo(terminal);
    }

    @Override
    public void openLoggers() throws ServerStartException {
        loggers.open(log);
    }

    @Override
    public boolean reopenLoggers(String why) {
        return loggers.reopen(why);
    }

    @Override
    public boolean hasFiles() {
        return loggers.hasFiles();
    }
}
