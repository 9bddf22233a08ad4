package dev.loomgate.cli.emperor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Debian's uWSGI as an emperor, to be asked what it does.
final class RealEmperor implements AutoCloseable {
    private final Process process;

    private RealEmperor(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// @param environment all that it has, but PATH
    static RealEmperor start(Path directory, Map<String, String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/uwsgi"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("real.log").toFile());
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", path);
        return new RealEmperor(builder.start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Its vassals end with it.
    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join();
    }
}
