package dev.loomgate.cli;

import dev.loomgate.testkit.Processes;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The program in a process of its own, as `./loomgate` runs it, from the classes under test.
final class LoomgateProcess implements AutoCloseable {
    private static final Pattern FALLBACK =
            Pattern.compile("(?m)^\\S+ WARNING microthreads run on the JDK's scheduler, .*\n");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);
    private static final Pattern RUNTIME = Pattern.compile(
            "(?<!/testkit)/target/classes/?$|/(loomgate(?!-testkit)|netty|jackson|picocli|jspecify|caffeine|snakeyaml-engine|acme4j|jose4j|lettuce|reactor|reactive-streams|redis-authx|bc[a-z]+|slf4j)-[^/]*\\.jar$");
    private static final Pattern HTTP = Pattern.compile(": (http://[^,]+),");

    // The test's machine is small and busy: don't compile what runs for seconds.
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private final Process process;
    private final Path out;
    private final Path err;

    private LoomgateProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// Starts it and returns at once.
    static LoomgateProcess launch(Path directory, String... args) throws IOException {
        return launch(isOpened(), directory, args);
    }

    private static boolean isOpened() {
        return Object.class.getModule().isOpen("java.lang", LoomgateProcess.class.getModule());
    }

    private static LoomgateProcess launch(boolean opened, Path directory, String... args) throws IOException {
        return launch(directory, Map.of(), command(opened, SHORT_LIVED, args));
    }

    /// Starts it with more flags for the JVM, and waits until it listens on all its addresses.
    static LoomgateProcess startWith(List<String> flags, Path directory, String... args)
            throws IOException, InterruptedException {
        return launch(directory, Map.of(), command(isOpened(), flags, args)).listening(args);
    }

    /// Starts it by a shell's script, in which `"$@"` is the program without options, and waits until it listens.
    /// The script's text is ASCII: `$'gro\\303\\237'` for what is not, whatever the test's own locale is.
    ///
    /// @param environment variables; an empty one is taken away
    static LoomgateProcess startByShell(Path directory, Map<String, String> environment, String script)
            throws IOException, InterruptedException {
        return launchByShell(directory, environment, script).listening();
    }

    /// The same, and returns at once.
    static LoomgateProcess launchByShell(Path directory, Map<String, String> environment, String script)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", script, "bash"));
        command.addAll(command(isOpened(), SHORT_LIVED));
        return launch(directory, environment, command);
    }

    /// Starts it as `./loomgate` does, from an installation that every user may read, and returns at once.
    ///
    /// @param before what starts it, such as `setpriv --reuid=nobody`; may be empty
    static LoomgateProcess launch(Installation installation, List<String> before, Path directory, String... args)
            throws IOException {
        return launch(directory, Map.of("_JAVA_SR_SIGNUM", "60", "PWD", ""), installed(installation, before, args));
    }

    private static List<String> installed(Installation installation, List<String> before, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(command(isOpened(), SHORT_LIVED, args));
        command.set(command.indexOf("-cp") + 1, installation.classPath());
        return command;
    }

    private static List<String> command(boolean opened, List<String> flags, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions(opened));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), Main.class.getName()));
        command.addAll(Arrays.asList(args));
        return command;
    }

    private static LoomgateProcess launch(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path out = Files.createTempFile(directory, "out-", ".txt");
        Path err = Files.createTempFile(directory, "err-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        process.getOutputStream().close();
        return new LoomgateProcess(process, out, err);
    }

    /// Starts it and waits until it listens on all its addresses.
    static LoomgateProcess start(Path directory, String... args) throws IOException, InterruptedException {
        return launch(directory, args).listening(args);
    }

    /// The same without the flag that opens `java.lang`.
    static LoomgateProcess startWithoutAddOpens(Path directory, String... args)
            throws IOException, InterruptedException {
        return launch(false, directory, args).listening(args);
    }

    private LoomgateProcess listening(String... args) throws IOException, InterruptedException {
        long addresses = Math.max(
                1,
                Stream.of(args)
                        .filter(arg -> arg.equals("--http") || arg.equals("-s"))
                        .count());
        await(Pattern.compile("(?s)(engine [a-z]+, transport.*){" + addresses + "}"));
        return this;
    }

    /// What the launcher would take: nothing of the tests' own, some of which changes where logs go.
    static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> RUNTIME.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// The launcher's own file; without `--add-opens` where it isn't wanted.
    private static List<String> jvmOptions(boolean opened) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("..", "jvm.options"))) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .filter(line -> opened || !line.startsWith("--add-opens"))
                    .flatMap(line -> Stream.of(line.split(" +")))
                    .toList();
        }
    }

    /// Waits until standard error has such a place.
    Matcher await(Pattern expected) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            boolean ended = !process.isAlive();
            Matcher matcher = expected.matcher(err());
            if (matcher.find()) {
                return matcher;
            }
            if (ended || System.nanoTime() > deadline) {
                String text = err();
                close();
                throw new IOException((ended ? "ended" : "late") + " without " + expected + "; it says:\n" + text);
            }
            Thread.sleep(10);
        }
    }

    /// The first HTTP address, as it was announced, with that path.
    URI uri(String target) throws IOException, InterruptedException {
        return URI.create(await(HTTP).group(1) + target);
    }

    /// The same as a socket's address.
    InetSocketAddress address() throws IOException, InterruptedException {
        URI uri = uri("/");
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    long pid() {
        return process.pid();
    }

    /// Standard output so far.
    String out() throws IOException {
        return Files.readString(out);
    }

    /// Standard error so far, without the warning that all servers begin with where the tests run on the fallback.
    String err() throws IOException {
        return FALLBACK.matcher(wholeErr()).replaceAll("");
    }

    /// Standard error so far, with that warning.
    String wholeErr() throws IOException {
        return Files.readString(err);
    }

    /// Sends a signal by its name without `SIG`.
    LoomgateProcess signal(String name) throws IOException, InterruptedException {
        Processes.signal(pid(), name);
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    ///
    /// @return its exit status; a signal's number and 128 if that ended it
    int status() throws InterruptedException {
        if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new AssertionError("still running after " + END_LIMIT);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
