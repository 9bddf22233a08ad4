package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A server under measurement: a process with a log of its own. Closing it ends it and everything that it started.
public final class ServerProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;
    private final Children.Registration registration;
    private final long startedNanos;

    private ServerProcess(String name, Process process, Path log, long startedNanos) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.startedNanos = startedNanos;
        this.registration = Children.register(process);
    }

    /// Starts `command` in `folder`, which also takes its log.
    public static ServerProcess start(String name, List<String> command, Path folder) throws IOException {
        Path log = Files.createTempFile(folder, "server", ".log");
        long startedNanos = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(name, process, log, startedNanos);
    }

    public String name() {
        return name;
    }

    /// Ticks that the process and what it started have used so far, see [ProcStat].
    public long cpuTicks() {
        return ProcStat.treeTicks(process.toHandle());
    }

    /// What its threads, and those of what it started, have used so far.
    public ThreadTimes threadTimes() {
        return ThreadTimes.of(process.toHandle());
    }

    /// Its memory, and that of what it started.
    public ProportionalMemory memory() {
        return ProportionalMemory.of(process.toHandle());
    }

    /// Has each JVM among its processes collect its garbage.
    public void collectGarbage() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (ProcessHandle member : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            if (member.info().command().orElse("").endsWith("/java")) {
                Command.output(List.of(jcmd, Long.toString(member.pid()), "GC.run"), Duration.ofSeconds(30));
            }
        }
    }

    /// What it has said so far.
    public String log() throws IOException {
        return Files.readString(log);
    }

    public ProcStatus status() throws IOException {
        return ProcStatus.of(process.pid());
    }

    /// Asks `address` until it answers as expected, and returns the time since the process was started.
    ///
    /// @throws ServerFailed if the process ends, or has not answered so within `limit`
    public Duration awaitAnswer(Address address, String path, String expectedBody, Duration limit)
            throws InterruptedException, ServerFailed {
        long deadline = System.nanoTime() + limit.toNanos();
        String problem = "nothing";
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new ServerFailed(name + " ended with " + process.exitValue() + lastWord());
            }
            try {
                Answer answer = address.get(path);
                if (answer.status() == 200 && answer.body().equals(expectedBody)) {
                    return Duration.ofNanos(System.nanoTime() - startedNanos);
                }
                // nginx says 502 until the server behind it listens.
                problem = answer.status() + " "
                        + answer.body().lines().findFirst().orElse("");
            } catch (IOException e) {
                problem = e.toString();
            }
            Thread.sleep(1);
        }
        throw new ServerFailed("%s did not answer \"%s\" within %d s but: %s%s"
                .formatted(name, expectedBody, limit.toSeconds(), problem, lastWord()));
    }

    /// What the server said at its end: the exception that a JVM died of, else the last line of its log.
    private String lastWord() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.stream()
                    .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Caused by:"))
                    .reduce((_, later) -> later)
                    .or(() -> lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast()))
                    .map(line -> ": " + line)
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        registration.close();
    }
}
