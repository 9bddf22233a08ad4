package dev.loomgate.cli.reload;

import dev.loomgate.cli.files.WatchedFiles;
import dev.loomgate.cli.process.LoggedCommand;
import dev.loomgate.python.PythonApplication;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is done when a file changes, and isn't a reload: a signal, a command. Used by one thread.
final class TouchActions {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final String SIGNAL = "--touch-signal";
    private static final String COMMAND = "--touch-exec";

    private record Action(WatchedFiles files, Runnable what) {}

    private final List<Action> actions = new ArrayList<>();

    TouchActions(List<PythonApplication> applications, ReloadTriggers triggers) {
        for (TouchSignal touch : triggers.signals()) {
            add(SIGNAL, touch.file(), () -> raise(applications, touch.signal()));
        }
        for (TouchCommand touch : triggers.commands()) {
            add(COMMAND, touch.file(), () -> run(touch.command(), triggers.directory()));
        }
    }

    private void add(String option, Path file, Runnable what) {
        actions.add(new Action(new WatchedFiles(option, List.of(file), false), what));
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    /// Those whose files aren't there are said.
    void warnOfMissing() {
        for (Action action : actions) {
            action.files()
                    .missing()
                    .forEach(file -> LOG.log(
                            Level.WARNING, () -> "there is no file %s (%s): that counts as changed when it is made"
                                    .formatted(file.normalize(), action.files().option())));
        }
    }

    /// What is there now hasn't changed.
    void begin() {
        actions.forEach(action -> action.files().haveChanged());
    }

    /// Does what is to be done.
    void look() {
        actions.stream().filter(action -> action.files().haveChanged()).forEach(action -> action.what()
                .run());
    }

    private static void raise(List<PythonApplication> applications, int signal) {
        LOG.log(Level.INFO, "{0}: signal {1} is raised", SIGNAL, signal);
        applications.forEach(application -> application.raise(signal, SIGNAL));
    }

    private static void run(String command, Path directory) {
        try {
            LoggedCommand.start(COMMAND, command, directory);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "{0}: ''{1}'' can''t be run: {2}", COMMAND, command, e.getMessage());
        }
    }
}
