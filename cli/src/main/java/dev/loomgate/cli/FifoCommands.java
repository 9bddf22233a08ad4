package dev.loomgate.cli;

import dev.loomgate.cli.stats.StatsSummary;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/// What the letters of the master FIFO do.
///
/// | letter | effect |
/// |---|---|
/// | `r`, `R` | Python applications are reloaded, as by SIGHUP |
/// | `c` | the workers are replaced, one after the other |
/// | `w`, `W` | the workers are replaced |
/// | `+`, `-` | one worker more, one fewer, of each Python application |
/// | `C` | all workers end until the next request |
/// | `p` | new connections wait, or are served again, as by SIGTSTP |
/// | `q` | a graceful stop; `Q`: one without waiting for requests |
/// | `S` | routers don't hear of the server any more, or do again |
/// | `s` | what workers have done is written to the log |
/// | `l`, `L` | the log's file is opened again; is renamed, and another one begun |
/// | `P` | the files with the process id are written again |
final class FifoCommands {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// uWSGI's others.
    private static final Map<Integer, String> NOT_HERE = Map.of(
            (int) 'f', "the server isn't forked again: reload it (r)",
            (int) 'B', "there is no emperor to call",
            (int) 'E', "there is no emperor to look at its files");

    private final ServerCommands commands;

    FifoCommands(ServerCommands commands) {
        this.commands = commands;
    }

    /// Does what a letter says. Returns soon, apart from `s`.
    void run(int letter) {
        String why = (char) letter + " in the master FIFO";
        switch (letter) {
            case 'r', 'R' -> commands.reload(why);
            case 'c' -> commands.replaceWorkers(true, why);
            case 'w', 'W' -> commands.replaceWorkers(false, why);
            case '+' -> commands.changeWorkers(1);
            case '-' -> commands.changeWorkers(-1);
            case 'C' -> commands.endWorkers();
            case 'q' -> commands.stop(false, why);
            case 'Q' -> commands.stop(true, why);
            case 'p' -> commands.toggleSuspension(why);
            case 'S' -> commands.toggleSubscriptions(why);
            case 's' -> LOG.log(Level.INFO, () -> StatsSummary.of(commands.live()));
            case 'l' -> commands.process().reopenLog(why);
            case 'L' -> commands.process().rotateLog(why);
            case 'P' -> commands.process().rewritePidFiles();
            default ->
                LOG.log(
                        Level.WARNING,
                        "--master-fifo: {0}",
                        NOT_HERE.containsKey(letter)
                                ? (char) letter + " does nothing here: " + NOT_HERE.get(letter)
                                : "there is no command of the code " + letter);
        }
    }
}
