package dev.loomgate.cli;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.cli.stats.StatsSummary;
import dev.loomgate.python.PythonApplication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Consumer;

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
/// | `s` | what workers have done is written to the log |
/// | `l`, `L` | the log's file is opened again; is renamed, and another one begun |
/// | `P` | the files with the process id are written again |
final class FifoCommands {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// uWSGI's others.
    private static final Map<Integer, String> NOT_HERE = Map.of(
            (int) 'f', "the server isn't forked again: reload it (r)",
            (int) 'B', "there is no emperor to call",
            (int) 'E', "there is no emperor to look at its files",
            (int) 'S', "there are no subscriptions");

    private final LiveServer observed;
    private final ServerProcess process;
    private final Reloading reloading;
    private final Consumer<String> suspends;
    private final Consumer<Signals.Stop> stop;

    /// @param suspends accepts no connections, or accepts them again
    /// @param stop asks for a stop
    FifoCommands(
            LiveServer observed,
            ServerProcess process,
            Reloading reloading,
            Consumer<String> suspends,
            Consumer<Signals.Stop> stop) {
        this.observed = observed;
        this.process = process;
        this.reloading = reloading;
        this.suspends = suspends;
        this.stop = stop;
    }

    /// Does what a letter says. Returns soon, apart from `s`.
    void run(int letter) {
        String why = (char) letter + " in the master FIFO";
        switch (letter) {
            case 'r', 'R' -> {
                process.reloads();
                reloading.reload(why);
            }
            case 'c' -> reloading.replaceWorkers(true, why);
            case 'w', 'W' -> reloading.replaceWorkers(false, why);
            case '+' -> forEach(application -> application.changeWorkers(1));
            case '-' -> forEach(application -> application.changeWorkers(-1));
            case 'C' -> forEach(PythonApplication::endWorkers);
            case 'q' -> stop.accept(new Signals.Stop(why, false));
            case 'Q' -> stop.accept(new Signals.Stop(why, true));
            case 'p' -> suspends.accept(why);
            case 's' -> LOG.log(Level.INFO, () -> StatsSummary.of(observed));
            case 'l' -> process.reopenLog(why);
            case 'L' -> process.rotateLog(why);
            case 'P' -> process.rewritePidFiles();
            default ->
                LOG.log(
                        Level.WARNING,
                        "--master-fifo: {0}",
                        NOT_HERE.containsKey(letter)
                                ? (char) letter + " does nothing here: " + NOT_HERE.get(letter)
                                : "there is no command of the code " + letter);
        }
    }

    private void forEach(Consumer<PythonApplication> action) {
        observed.programs().keySet().forEach(action);
    }
}
