package dev.loomgate.python.differential;

import java.nio.file.Path;
import java.util.List;

/// One of the servers that are compared.
public interface Contender {
    /// All of them.
    static List<Contender> all() {
        return List.of(new LoomgateContender(), new UwsgiContender(), new GunicornContender());
    }

    /// Its name in `differences.txt`: lower case, one word.
    String name();

    /// Whether it has this mode.
    boolean offers(Mode mode);

    /// Starts it, and returns when it accepts connections.
    ///
    /// @param directory for files of its own
    RunningServer start(Path directory, Deployment deployment) throws Exception;
}
