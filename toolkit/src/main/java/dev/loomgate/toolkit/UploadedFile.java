package dev.loomgate.toolkit;

import dev.loomgate.toolkit.syntax.Filenames;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.syntax.multipart.PartHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// A file that a form brought: Werkzeug's `FileStorage`.
///
/// ```java
/// UploadedFile photo = request.files().required("photo");
/// photo.saveTo(directory.resolve(UUID.randomUUID() + ".jpg"));
/// ```
///
/// Its bytes are in memory or on disk, and belong to the request: they are gone when it is closed. Name, file
/// name, type and headers are what the client says.
public final class UploadedFile {
    sealed interface Content {}

    @SuppressWarnings("ArrayRecordComponent")
    record InMemory(byte[] bytes) implements Content {}

    record OnDisk(FileChannel channel, long start, long length) implements Content {}

    private final PartHead head;
    private final Content content;

    UploadedFile(PartHead head, Content content) {
        this.head = head;
        this.content = content;
    }

    /// The form field's name.
    public String name() {
        return head.name();
    }

    /// The file's name on the client's side; empty if none was chosen. It may be anything, with slashes and dots:
    /// never use it as a path. See [#safeFilename].
    public String filename() {
        return Objects.requireNonNullElse(head.filename(), "");
    }

    /// The file's name with nothing in it that a file system could take for something else; may be empty.
    public String safeFilename() {
        return Filenames.secure(filename());
    }

    /// A header of the part: `header("Content-Type")`.
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.headers().get(name.toLowerCase(Locale.ROOT)));
    }

    /// The type without parameters, in lower case: `image/png`; empty if the client named none.
    public String mimetype() {
        return OptionsHeader.parse(header("Content-Type").orElse("")).value().toLowerCase(Locale.ROOT);
    }

    /// The number of bytes.
    public long size() {
        return switch (content) {
            case InMemory memory -> memory.bytes().length;
            case OnDisk disk -> disk.length();
        };
    }

    /// The bytes from the beginning: a new stream each time.
    public InputStream stream() {
        return switch (content) {
            case InMemory memory -> new ByteArrayInputStream(memory.bytes());
            case OnDisk disk -> new ChannelPart(disk);
        };
    }

    /// All bytes, in memory.
    ///
    /// @throws IOException if the disk fails, or the request has been closed
    public byte[] bytes() throws IOException {
        try (InputStream input = stream()) {
            return input.readAllBytes();
        }
    }

    /// Writes the bytes to a file, which is replaced if it is there.
    ///
    /// @throws IOException if the disk fails, or the request has been closed
    public void saveTo(Path path) throws IOException {
        try (FileChannel target = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            transferTo(target);
        }
    }

    /// Writes the bytes to a stream, and leaves it open.
    ///
    /// @throws IOException if the disk or the stream fails, or the request has been closed
    public void transferTo(OutputStream output) throws IOException {
        transferTo(Channels.newChannel(output));
    }

    private void transferTo(WritableByteChannel target) throws IOException {
        switch (content) {
            case InMemory memory -> {
                ByteBuffer left = ByteBuffer.wrap(memory.bytes());
                while (left.hasRemaining()) {
                    target.write(left);
                }
            }
            case OnDisk disk -> {
                long done = 0;
                while (done < disk.length()) {
                    done += disk.channel().transferTo(disk.start() + done, disk.length() - done, target);
                }
            }
        }
    }

    /// Reads a part of the spool at a place of its own.
    private static final class ChannelPart extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long at;

        ChannelPart(OnDisk part) {
            channel = part.channel();
            at = part.start();
            end = part.start() + part.length();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == end) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
            at += Math.max(count, 0);
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.clamp(count, 0, end - at);
            at += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }

    /// `photo: "bob.jpg", image/jpeg, 4711 bytes`
    @Override
    public String toString() {
        return "%s: \"%s\", %s, %d bytes".formatted(name(), filename(), mimetype(), size());
    }
}
