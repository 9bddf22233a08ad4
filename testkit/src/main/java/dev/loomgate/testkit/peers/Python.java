package dev.loomgate.testkit.peers;

import java.nio.file.Path;
import java.util.Optional;

/// The CPythons of the machine that tests run programs with.
public final class Python {
    /// Debian's, whose packages have greenlet, gevent, Werkzeug, Flask and Django.
    public static final String DEBIAN = "/usr/bin/python3";

    private static final String CURRENT = "LOOMGATE_CURRENT_PYTHON";

    private Python() {}

    /// The interpreter of a virtual environment with current releases of the same packages, which the environment
    /// variable `LOOMGATE_CURRENT_PYTHON` names; empty where it isn't set, because they couldn't be installed.
    public static Optional<Path> current() {
        return Optional.ofNullable(System.getenv(CURRENT)).map(Path::of);
    }

    /// The home of that virtual environment, as `--home` takes it.
    public static Optional<Path> currentHome() {
        // HOME/bin/python
        return current().map(python -> python.resolve("../..").normalize());
    }
}
