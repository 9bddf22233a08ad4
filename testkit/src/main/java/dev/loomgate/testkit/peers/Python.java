package dev.loomgate.testkit.peers;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The CPythons of the machine that tests run programs with.
public final class Python {
    /// Debian's, whose packages have greenlet, gevent, Werkzeug, Flask and Django.
    public static final String DEBIAN = "/usr/bin/python3";

    /// Where its packages are; those without C run on other versions too.
    public static final Path DEBIAN_PACKAGES = Path.of("/usr/lib/python3/dist-packages");

    private static final String CURRENT = "LOOMGATE_CURRENT_PYTHON";
    private static final String OTHERS = "LOOMGATE_OTHER_PYTHONS";

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

    /// Interpreters of other versions, without packages: the oldest that is supported and a new one, such as
    /// `.../bin/python3.8`, which the environment variable `LOOMGATE_OTHER_PYTHONS` names as PATH does; empty
    /// where the machine has none.
    public static List<Path> others() {
        return Arrays.stream(System.getenv().getOrDefault(OTHERS, "").split(File.pathSeparator, -1))
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .toList();
    }
}
