package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands of `docs/openapi.md`, run as they are there.
///
/// @param port of the server that they ask, which is 8000 on the page
/// @param directory where they run
record GuideCommands(int port, Path directory) {
    private static final Path PAGE = Path.of("..", "docs", "openapi.md");
    private static final int MAX_SECONDS = 120;

    /// Runs the commands below a heading.
    ///
    /// @return what they write
    /// @throws AssertionError if one fails, with that
    String run(String heading) throws IOException, InterruptedException {
        Matcher block = Pattern.compile("\n### " + heading + "\n.*?```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", block.group(1).replace(":8000", ":" + port))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        // The JDK that this runs on; and for a program that runs once, the second compiler only costs time.
        builder.environment()
                .merge("PATH", Path.of(System.getProperty("java.home"), "bin") + ":", (path, jdk) -> jdk + path);
        builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        Process commands = builder.start();
        try {
            assertThat(commands.waitFor(MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            commands.descendants().forEach(ProcessHandle::destroyForcibly);
            commands.destroyForcibly().waitFor();
        }
        String text = Files.readString(output);
        assertThat(commands.exitValue()).as(text).isZero();
        return text;
    }
}
