package dev.loomgate.python.zygote;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonSetupException;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The process that imports a program once and forks its workers: commands to its standard input, events from
/// its standard output, a line of JSON each. Any thread; nothing here waits, since pipes are served by
/// threads of their own.
public final class Zygote {
    private static final String PACKAGE = "loomgate_worker";
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BOOT =
            "import sys; sys.path.insert(0, sys.argv[1]); from loomgate_worker.__main__ import main; main()";
    private static final String END = "";
    private static final String CALLERS_LOCALE = "LOOMGATE_LC_ALL";
    // The launcher has HotSpot use another signal than SIGUSR2 between its threads. And a service manager listens to
    // the JVM alone: nobody else is to speak in its name.
    private static final Set<String> OF_THE_JVM =
            Set.of("_JAVA_SR_SIGNUM", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");
    private static final int SIGKILL = 9;
    private static final long END_SECONDS = 5;
    private static final long LAST_EVENTS_MILLIS = 1000;
    private static final long LAST_LINES_MILLIS = 200;

    /// Hears of what happens, on threads of the zygote's.
    public interface Listener {
        /// That a process has exited is told when all that it has written has been.
        void event(ZygoteEvent event);

        /// A process is about to run in this slot.
        ///
        /// @return gets the lines that it writes, and those of processes that it leaves behind
        Consumer<OutputLine> output(int slot);

        void errorLine(String line);

        /// It has ended, and what it had sent has been told. What a process that it has started still writes
        /// isn't.
        void ended(int status);
    }

    private final String name;
    private final Process process;
    private final int mostLineBytes;
    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final Map<Long, WorkerOutput> outputs = new HashMap<>(); // the events' thread only

    private Zygote(String name, Process process, int mostLineBytes) {
        this.name = name;
        this.process = process;
        this.mostLineBytes = mostLineBytes;
    }

    /// Starts the process; it imports the program while this returns. Blocks for the time that a start takes.
    ///
    /// @throws PythonStartException if the interpreter can't be started
    public static Zygote start(String name, PythonOptions options, BootConfiguration boot) throws PythonStartException {
        List<String> command = new ArrayList<>(List.of(Interpreter.of(options)));
        command.addAll(options.setup().interpreterOptions());
        command.addAll(List.of("-c", BOOT, packageLocation()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        callersLocale(environment);
        environment.keySet().removeAll(OF_THE_JVM);
        Path home = options.home();
        if (home != null) {
            Path at = Interpreter.absolute(options, home);
            environment.put("VIRTUAL_ENV", at.toString());
            environment.merge("PATH", at.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        }
        environment.putAll(options.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new PythonSetupException(
                    "the Python interpreter can't be started (%s): %s"
                            .formatted(options.nameOf(home == null ? "interpreter" : "home"), e.getMessage()),
                    e);
        }
        Zygote zygote = new Zygote(name, process, options.maxOutputLine());
        zygote.commands.add(boot.line());
        zygote.serve("commands", zygote::writeCommands);
        return zygote;
    }

    /// Tells the listener from now on what has happened and happens. To be called once.
    public void listen(Listener listener) {
        Thread errors = serve("errors", () -> readErrors(listener));
        Thread events = serve("events", () -> readEvents(listener));
        serve("end", () -> awaitEnd(listener, events, errors));
    }

    // The launcher gives the JVM a locale in which every name of a file can be written; programs have the caller's.
    private static void callersLocale(Map<String, String> environment) {
        String callers = environment.remove(CALLERS_LOCALE);
        if (callers != null && callers.isEmpty()) {
            environment.remove("LC_ALL");
        } else if (callers != null) {
            environment.put("LC_ALL", callers);
        }
    }

    /// Where the interpreter finds the Python package. A class of an AOT archive that has been moved with its JAR files
    /// has no code source, so a resource is asked for.
    private static String packageLocation() throws PythonStartException {
        try {
            URL marker = Objects.requireNonNull(Zygote.class.getResource("/" + PACKAGE + "/__init__.py"));
            Path classes = marker.openConnection() instanceof JarURLConnection jar
                    ? Path.of(jar.getJarFileURL().toURI())
                    : Path.of(marker.toURI()).resolve("../..").normalize();
            return packageLocation(classes).toString();
        } catch (URISyntaxException | IOException | RuntimeException e) {
            throw new PythonStartException(
                    "the Python side of Loomgate can't be found: its module has to be a directory or a JAR file", e);
        }
    }

    /// The directory or JAR file that this class is in, which has the Python package too; or, where the
    /// launcher has unpacked it, the directory `python` beside the JAR file: interpreters keep its bytecode,
    /// and they compile what is in a JAR file again at each start, for 40 ms of CPU.
    static Path packageLocation(Path classes) {
        Path unpacked = classes.resolveSibling("python");
        return Files.isRegularFile(classes) && Files.isDirectory(unpacked.resolve(PACKAGE)) ? unpacked : classes;
    }

    private Thread serve(String what, Runnable body) {
        return Thread.ofPlatform().daemon().name(name + "-" + what).start(body);
    }

    private void writeCommands() {
        try (OutputStream out = process.getOutputStream()) {
            while (true) {
                String command = commands.take();
                if (command.equals(END)) {
                    return;
                }
                out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
                if (commands.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} takes no more commands: {1}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readEvents(Listener listener) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 64 * 1024)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    tell(listener, ZygoteEvent.of(JSON.readTree(line)));
                } catch (JacksonException e) {
                    LOG.log(Level.ERROR, name + " sent an event that is not JSON: " + line, e);
                }
            }
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: its events have ended: {1}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Listener listener, ZygoteEvent event) {
        if (event instanceof ZygoteEvent.Forked(int slot, long pid, String path)) {
            listen(slot, pid, path, listener.output(slot));
        }
        WorkerOutput output = event instanceof ZygoteEvent.Exited exited ? outputs.remove(exited.pid()) : null;
        if (output == null) {
            listener.event(event);
        } else {
            output.writerEnded().thenRun(() -> listener.event(event));
        }
    }

    private void listen(int slot, long pid, String path, Consumer<OutputLine> action) {
        try {
            outputs.put(pid, WorkerOutput.open(name + "-" + slot, Path.of(path), action, mostLineBytes));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "process {0} is killed, since its output can''t be read: {1}", Long.toString(pid), e);
            signal(pid, SIGKILL);
        }
        commands.add(JSON.writeValueAsString(Map.of("command", "read", "path", path)));
    }

    private void readErrors(Listener listener) {
        try (InputStream in = process.getErrorStream()) {
            new OutputLines(in, process::isAlive, mostLineBytes, listener::errorLine).read();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: its output has ended: {1}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // The process's end, not its pipes': a process that it has started may hold them open as long as it likes.
    private void awaitEnd(Listener listener, Thread events, Thread errors) {
        try {
            int status = process.waitFor();
            events.join(LAST_EVENTS_MILLIS);
            errors.join(LAST_LINES_MILLIS);
            listener.ended(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(); // so that the thread that writes commands ends too
        }
    }

    /// @param job what the process is to do; null if it answers requests
    public void fork(int slot, @Nullable Job job) {
        Map<String, Object> command = new HashMap<>(Map.of("command", "fork", "slot", slot));
        if (job != null) {
            command.put("job", job.json());
        }
        commands.add(JSON.writeValueAsString(command));
    }

    public void signal(long pid, int signal) {
        commands.add(JSON.writeValueAsString(Map.of("command", "kill", "pid", pid, "signal", signal)));
    }

    /// Answers a call that came during the import.
    public void reply(int id, byte[] payload, boolean wrong) {
        ByteBuf frame = Unpooled.buffer(FrameType.HEADER_BYTES + payload.length);
        Frames.bytes(frame, FrameType.REPLY, wrong ? FrameType.WRONG : 0, id, payload);
        String text = Base64.getEncoder().encodeToString(ByteBufUtil.getBytes(frame));
        commands.add(JSON.writeValueAsString(Map.of("command", "reply", "frame", text)));
    }

    /// Closes its input: it then kills its workers, and ends.
    public void close() {
        commands.add(END);
    }

    public void destroy() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return name;
    }
}
