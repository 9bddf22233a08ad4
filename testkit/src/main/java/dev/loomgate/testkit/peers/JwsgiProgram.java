package dev.loomgate.testkit.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/// The test kit's JWSGI program, compiled against uWSGI's own `uwsgi.jar`, by uWSGI's JVM's version of class files.
public final class JwsgiProgram {
    /// What uWSGI's plugin for the JVM brings.
    public static final Path UWSGI_JAR = Path.of("/usr/share/java/uwsgi.jar");

    /// Its class, in no package.
    public static final String CLASS = "JwsgiProgram";

    private static final String RELEASE = "17";

    private JwsgiProgram() {}

    /// Compiles it.
    ///
    /// @param directory of the class files
    /// @throws IOException also if it can't be compiled
    public static void compile(Path directory) throws IOException {
        Path source = Programs.copy(CLASS + ".java", directory.resolve(CLASS + ".java"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        List.of(
                                        "--release",
                                        RELEASE,
                                        "-nowarn",
                                        "-cp",
                                        UWSGI_JAR.toString(),
                                        "-d",
                                        directory.toString(),
                                        source.toString())
                                .toArray(String[]::new));
        if (status != 0) {
            throw new IOException(messages.toString(StandardCharsets.UTF_8));
        }
    }
}
