package dev.loomgate.cli.emperor;

import dev.loomgate.cli.emperor.EmperorSettings.OnDemand;
import dev.loomgate.cli.process.ListeningSocket;
import dev.loomgate.server.ListenAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The socket of a vassal that is started by the first connection to it. It listens in the emperor, so that the
/// connection waits, and each process of the vassal gets it.
final class OnDemandSocket implements AutoCloseable {
    private static final int BACKLOG = 100; // uWSGI's own

    private final String address;
    private final ListeningSocket socket;

    private OnDemandSocket(String address, ListeningSocket socket) {
        this.address = address;
        this.socket = socket;
    }

    /// Finds out where it is to be. May take as long as a command does.
    ///
    /// @return empty for a vassal that isn't on demand
    /// @throws IOException if that can't be told
    /// @throws InterruptedException if interrupted while the command runs
    static Optional<String> addressOf(VassalFile vassal, OnDemand how) throws IOException, InterruptedException {
        return switch (how.by()) {
            case EXTENSION -> firstLine(textBeside(vassal, how.value()));
            case DIRECTORY -> {
                String file = String.valueOf(vassal.path().getFileName());
                yield Optional.of(how.value() + "/" + file.substring(0, file.lastIndexOf('.')) + ".socket");
            }
            case COMMAND -> firstLine(output(vassal, how.value()));
        };
    }

    private static String textBeside(VassalFile vassal, String ending) throws IOException {
        Path file = vassal.directory().resolve(vassal.name() + ending);
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String output(VassalFile vassal, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", command + " \"$0\"", vassal.name())
                .directory(vassal.directory().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    /// Up to the first character that can't be printed, as in uWSGI.
    private static Optional<String> firstLine(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= ' ') {
            end++;
        }
        return end == 0 ? Optional.empty() : Optional.of(text.substring(0, end));
    }

    /// Listens.
    ///
    /// @throws IOException if that isn't possible; the message is for the operator
    static OnDemandSocket bind(String address, Path directory) throws IOException {
        try {
            ListenAddress.Place place = ListenAddress.uwsgi(address).place();
            ListenAddress at = new ListenAddress(
                    ListenAddress.Protocol.UWSGI,
                    place instanceof ListenAddress.Place.UnixPath unix
                            ? new ListenAddress.Place.UnixPath(directory.resolve(unix.path()))
                            : place);
            return new OnDemandSocket(address, ListeningSocket.bind(at.socketAddress(), BACKLOG));
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    String address() {
        return address;
    }

    int descriptor() {
        return socket.descriptor();
    }

    /// Calls that when somebody connects, or when it is closed.
    ///
    /// @param name the vassal's
    void onConnection(String name, Runnable action) {
        Thread.ofPlatform().daemon().name("loomgate-on-demand-" + name).start(() -> {
            try {
                socket.awaitConnection();
            } catch (IOException e) {
                return; // closed
            }
            action.run();
        });
    }

    /// Ends it, for the vassal's processes as well.
    @Override
    public void close() {
        socket.close();
    }
}
