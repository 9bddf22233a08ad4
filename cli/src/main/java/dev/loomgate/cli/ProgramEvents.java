package dev.loomgate.cli;

import dev.loomgate.python.ProgramListener;
import dev.loomgate.python.PythonApplication;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What Python applications tell of: signals that mean the server, and that they have nothing to do. Called by their
/// loops.
final class ProgramEvents {
    private final Signals signals;
    private final Set<PythonApplication> all;
    private final boolean diesOnIdle;
    private final Set<PythonApplication> idle = ConcurrentHashMap.newKeySet();

    /// @param diesOnIdle whether the server stops when all of them are idle
    ProgramEvents(Signals signals, Set<PythonApplication> all, boolean diesOnIdle) {
        this.signals = signals;
        this.all = Set.copyOf(all);
        this.diesOnIdle = diesOnIdle;
    }

    /// Hears them from now on. Before their start.
    void listen() {
        all.forEach(program -> program.listen(new ProgramListener() {
            @Override
            public void signal(String name) {
                signals.passedOn(name);
            }

            @Override
            public void idle(boolean isIdle) {
                changed(program, isIdle);
            }
        }));
    }

    private void changed(PythonApplication program, boolean isIdle) {
        if (!isIdle) {
            idle.remove(program);
        } else if (idle.add(program) && diesOnIdle && idle.containsAll(all)) {
            signals.stopBecause("--die-on-idle");
        }
    }
}
