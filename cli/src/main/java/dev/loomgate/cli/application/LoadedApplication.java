package dev.loomgate.cli.application;

import dev.loomgate.cli.reload.Reloadable;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.python.PythonApplication;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// An application, ready to be served.
///
/// @param application what answers requests
/// @param hooks the hooks that it doesn't bring itself: those of the object that holds it
/// @param programs the Python applications in it, which can be reloaded, with the prefixes that they are mounted at;
///     empty for the root
/// @param reloadable the Java applications in it that can be replaced
public record LoadedApplication(
        Application application,
        List<Lifecycle> hooks,
        Map<PythonApplication, String> programs,
        List<Reloadable> reloadable) {
    public LoadedApplication {
        reloadable = List.copyOf(reloadable);
        programs = Collections.unmodifiableMap(new LinkedHashMap<>(programs)); // in their order
    }

    /// One in Java.
    public LoadedApplication(Application application, List<Lifecycle> hooks) {
        this(application, hooks, Map.of(), List.of());
    }

    /// The same, with something before it.
    public LoadedApplication wrapped(UnaryOperator<Application> by) {
        return new LoadedApplication(by.apply(application), hooks, programs, reloadable);
    }

    /// The Python applications in it.
    public List<PythonApplication> python() {
        return List.copyOf(programs.keySet());
    }
}
