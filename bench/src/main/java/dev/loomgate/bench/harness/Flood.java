package dev.loomgate.bench.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An attacker on a thread of its own: sends an attack's frames as fast as the server reads them, and when its
/// connection is ended, begins with the next one.
public final class Flood {
    private static final int AT_ONCE = 32;
    private static final int LIMIT_MILLIS = 10_000;

    private final Attack attack;
    private final InetSocketAddress server;
    private final List<Integer> sentBeforeEnd = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ending;
    private volatile @Nullable Socket current;

    private Flood(Attack attack, Address address) {
        this.attack = attack;
        this.server = new InetSocketAddress(address.host(), address.port());
        this.thread = new Thread(this::run, "attacker");
    }

    public static Flood start(Attack attack, Address address) {
        Flood flood = new Flood(attack, address);
        flood.thread.start();
        return flood;
    }

    private void run() {
        giveWay();
        while (!ending) {
            try (Socket socket = new Socket()) {
                current = socket;
                socket.connect(server, LIMIT_MILLIS);
                socket.setTcpNoDelay(true);
                flood(socket);
            } catch (IOException e) {
                // by the server, or by end()
            }
        }
    }

    // An attacker has a machine of its own. Here it leaves the cores to the server and its clients as far as they want
    // them.
    private static void giveWay() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Command.output(
                    List.of("renice", "-n", "19", "-p", self.getFileName().toString()), Duration.ofSeconds(10));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flood(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        Thread.ofVirtual().start(() -> readToTheEnd(in, socket));
        out.write(attack.opening());
        int sent = 0;
        try {
            while (!ending) {
                ByteArrayOutputStream together = new ByteArrayOutputStream();
                for (int i = 0; i < AT_ONCE; i++) {
                    together.writeBytes(attack.next(sent + i));
                }
                together.writeTo(out);
                sent += AT_ONCE;
            }
        } catch (IOException e) {
            if (!ending) {
                sentBeforeEnd.add(sent);
            }
        }
    }

    /// What comes is of no interest, but mustn't fill the server's side. At its end nothing more is sent, even
    /// if the server would still read and drop it.
    private static void readToTheEnd(InputStream in, Socket socket) {
        byte[] answers = new byte[16_384];
        try (socket) {
            while (in.read(answers) >= 0) {}
        } catch (IOException e) {
            // the same
        }
    }

    /// Ends it.
    ///
    /// @return how much was sent over each connection that the server ended: in units of an attack
    ///     (one or two frames), with those that are in the sockets' buffers
    public List<Integer> end() throws IOException, InterruptedException {
        ending = true;
        Socket socket = current;
        if (socket != null) {
            socket.close();
        }
        thread.join();
        return List.copyOf(sentBeforeEnd);
    }
}
