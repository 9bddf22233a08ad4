package dev.loomgate.cli;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The service manager's side of sd_notify(3): a unix datagram socket, which Java doesn't have, and what comes to it,
/// with who has sent it and when.
final class NotifyReceiver implements AutoCloseable {
    private static final String PROGRAM = """
            import socket, struct, sys, time
            name, log = sys.argv[1:]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            s.bind("\\0" + name[1:] if name.startswith("@") else name)
            with open(log, "a", buffering=1) as file:
                file.write("listens\\n")
                while True:
                    text, more, _, _ = s.recvmsg(65536, 1024)
                    pid = next(struct.unpack("3i", data)[0] for _, kind, data in more if kind == socket.SCM_CREDENTIALS)
                    file.write("%d %d %s\\n" % (pid, time.monotonic() * 1e6, text.decode().replace("\\n", " | ")))
            """;

    private final String name;
    private final Path log;
    private final Process process;

    /// @param pid the sender's
    /// @param micros of the monotonic clock, when it had come
    /// @param text with ` | ` between its lines
    record Message(long pid, long micros, String text) {
        private static Message of(String line) {
            String[] parts = line.split(" ", 3);
            return new Message(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
        }
    }

    private NotifyReceiver(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /// @param name a path, or `@` and an abstract name
    static NotifyReceiver listen(Path directory, String name) throws Exception {
        Path log = Files.createTempFile(directory, "messages-", ".txt");
        Process process = new ProcessBuilder(Python.DEBIAN, "-c", PROGRAM, name, log.toString())
                .inheritIO()
                .start();
        NotifyReceiver receiver = new NotifyReceiver(name, log, process);
        Eventually.await("the receiver to listen", () -> Files.readString(log).startsWith("listens\n"));
        return receiver;
    }

    /// For NOTIFY_SOCKET.
    String name() {
        return name;
    }

    List<Message> messages() throws IOException {
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .skip(1)
                .map(Message::of)
                .toList();
    }

    List<String> texts() throws IOException {
        return messages().stream().map(Message::text).toList();
    }

    /// Waits for so many messages that begin with this, and returns the last one.
    Message await(int count, String begin) throws Exception {
        Eventually.await(
                () -> count + " of " + begin + " in " + textsOrNone(),
                () -> with(begin).size() >= count);
        return with(begin).get(count - 1);
    }

    List<Message> with(String begin) throws IOException {
        return messages().stream()
                .filter(message -> message.text().startsWith(begin))
                .toList();
    }

    private String textsOrNone() {
        try {
            return texts().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
