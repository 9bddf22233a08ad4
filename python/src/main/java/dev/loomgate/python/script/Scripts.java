package dev.loomgate.python.script;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.background.BackgroundRole;
import dev.loomgate.python.background.BackgroundSettings;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.Mercy;
import dev.loomgate.python.supervision.Role;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.zygote.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/// The role of a script's process. For the program it is the only worker, as in uWSGI, and so it is for the targets of
/// signals and in logs.
public final class Scripts {
    private static final String KIND = "script";
    private static final String SHOWN = "worker";

    private Scripts() {}

    /// @param ended told its exit status when it has ended by itself
    /// @return empty if there is none
    public static Optional<Role> role(HomeLoop home, PythonOptions options, UwsgiCalls calls, IntConsumer ended) {
        Path script = options.setup().script();
        if (script == null) {
            return Optional.empty();
        }
        BackgroundSettings settings = new BackgroundSettings(
                SHOWN,
                new Mercy(options.reloadMercy(), options.nameOf("reloadMercy")),
                Duration.ZERO,
                "",
                "",
                false,
                status -> {
                    ended.accept(status);
                    return false;
                },
                number -> Set.of());
        return Optional.of(new BackgroundRole(
                home, calls, settings, 1, number -> new Job(KIND, number, Map.of("file", script.toString()))));
    }
}
