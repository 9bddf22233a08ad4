package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.python.PythonApplication;
import java.util.List;

/// An application, ready to be served.
///
/// @param application what answers requests
/// @param hooks the hooks that it doesn't bring itself: those of the object that holds it
/// @param python the Python applications in it, which can be reloaded
public record LoadedApplication(Application application, List<Lifecycle> hooks, List<PythonApplication> python) {
    /// One in Java.
    public LoadedApplication(Application application, List<Lifecycle> hooks) {
        this(application, hooks, List.of());
    }
}
