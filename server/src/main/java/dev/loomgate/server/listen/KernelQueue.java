package dev.loomgate.server.listen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The connections of a listening unix socket that nobody has accepted yet.
///
/// ```
///  Num              RefCount Protocol Flags    Type St Inode Path
///  00000000582404c2: 00000002 00000000 00010000 0001 01 12216 /run/.k3f9/s     the listening socket
///  00000000c924c686: 00000003 00000000 00000000 0001 02     0 /run/.k3f9/s     waits to be accepted
///  00000000ba0c2563: 00000003 00000000 00000000 0001 03 12222 /run/.k3f9/s     accepted
/// ```
/// A connection has the path of its listening socket, which is the one that this was bound to: not that of a rename. So
/// it is looked up by the socket's inode. Source: Linux, proc_net_unix(5).
///
/// Reads files: not for a loop. Used by one thread at a time.
public final class KernelQueue {
    private static final Path SOCKETS = Path.of("/proc/net/unix");
    private static final Path MOST = Path.of("/proc/sys/net/core/somaxconn");
    private static final int MOST_DIGITS = 32;
    private static final int FIELDS_BEFORE_PATH = 7;

    private final int descriptor;
    private @Nullable String path;

    /// @param descriptor of the listening socket, in this process
    public KernelQueue(int descriptor) {
        this.descriptor = descriptor;
    }

    /// What the kernel makes of a backlog: it has a limit of its own.
    public static int backlog(int wanted) {
        try (InputStream in = Files.newInputStream(MOST)) {
            // In one read: the kernel gives no second part of it, and Files.readString begins with a single byte.
            byte[] text = new byte[MOST_DIGITS];
            int length = Math.max(0, in.read(text));
            int most = Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip());
            return Math.min(wanted, most);
        } catch (IOException | NumberFormatException e) {
            return wanted;
        }
    }

    /// How many there are now.
    ///
    /// @throws IOException if that can't be told here
    public int length() throws IOException {
        String known = path;
        if (known == null) {
            known = ownPath();
            path = known;
        }
        int count = 0;
        try (Stream<String> lines = Files.lines(SOCKETS, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                String[] fields = fieldsIfOf(line, known);
                if (fields != null && fields[FIELDS_BEFORE_PATH - 1].equals("0")) {
                    count++;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return count;
    }

    private static String @Nullable [] fieldsIfOf(String line, String path) {
        // Most lines are of other sockets: they aren't taken apart.
        if (!line.endsWith(path)) {
            return null;
        }
        String[] fields = fields(line);
        return fields.length > FIELDS_BEFORE_PATH && fields[FIELDS_BEFORE_PATH].equals(path) ? fields : null;
    }

    // A path may have spaces.
    private static String[] fields(String line) {
        return line.strip().split(" +", FIELDS_BEFORE_PATH + 1);
    }

    private String ownPath() throws IOException {
        String link =
                Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        String inode = link.replaceAll("\\D", "");
        try (Stream<String> lines = Files.lines(SOCKETS, StandardCharsets.ISO_8859_1)) {
            return lines.map(KernelQueue::fields)
                    .filter(fields -> fields.length > FIELDS_BEFORE_PATH)
                    .filter(fields -> fields[FIELDS_BEFORE_PATH - 1].equals(inode))
                    .map(fields -> fields[FIELDS_BEFORE_PATH])
                    .findFirst()
                    .orElseThrow(() -> new IOException(SOCKETS + " has no line of " + link));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
