package dev.loomgate.cli.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// How a file is now; of a link, the file that it leads to. One that is equal hasn't been changed: neither written, nor
/// replaced by another file with the same time, as a link does that is pointed elsewhere.
///
/// @param key the file's device and inode
public record FileState(
        FileTime modified, long size, @Nullable Object key) {
    /// Follows links.
    public static FileState of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    /// As it was found.
    public static FileState of(BasicFileAttributes attributes) {
        return new FileState(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
