package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Reasons;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file with the server's process id, for `kill -HUP $(cat FILE)` and the like.
///
/// It is opened by one user and perhaps removed by another, who may not do so: then it is emptied, since a number that
/// is left behind will be another process's. As in uWSGI, a file that can't be opened keeps the server from starting.
final class PidFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final String option;
    private final Path path;
    private final FileChannel channel;
    private boolean written;

    private PidFile(String option, Path path, FileChannel channel) {
        this.option = option;
        this.path = path;
        this.channel = channel;
    }

    /// Opens or makes the file, and leaves what is in it. A link isn't followed: root would write to whatever
    /// others have it point to.
    ///
    /// @param option which names it, for messages
    /// @throws IOException if that fails
    static PidFile open(String option, Path path) throws IOException {
        return new PidFile(
                option,
                path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /// Writes the number, and a line's end, in place of what was there.
    void write() {
        byte[] text = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text), 0);
            written = true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: can''t write {1}: {2}", option, path, Reasons.withFile(e));
        }
    }

    /// Removes the file if it is still this server's, or empties it.
    @Override
    public void close() {
        try (channel) {
            if (!written || !isOurs()) {
                return;
            }
            try {
                Files.delete(path);
            } catch (IOException e) {
                channel.truncate(0);
                LOG.log(
                        Level.INFO,
                        "{0}: {1} is left behind, empty: the user that the server runs as can''t remove it",
                        option,
                        path);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the file with the process id is left as it is: {0}", e.getMessage());
        }
    }

    private boolean isOurs() throws IOException {
        String text = Files.readString(path, StandardCharsets.US_ASCII).strip();
        return text.equals(Long.toString(ProcessHandle.current().pid()));
    }
}
