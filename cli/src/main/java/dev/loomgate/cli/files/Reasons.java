package dev.loomgate.cli.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why a file can't be used, in the words of a shell: the JDK's messages are the bare path.
public final class Reasons {
    private Reasons() {}

    /// For a message that names the file.
    public static String of(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> "not a directory";
            case FileAlreadyExistsException there -> "is there already";
            case UncheckedIOException unchecked when unchecked.getCause() != null -> of(unchecked.getCause());
            default -> String.valueOf(e.getMessage());
        };
    }

    /// With the file's name.
    public static String withFile(IOException e) {
        String reason = of(e);
        boolean isBare = e instanceof FileSystemException && !reason.equals(e.getMessage());
        return isBare ? ((FileSystemException) e).getFile() + ": " + reason : reason;
    }
}
