package dev.loomgate.cli.application;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why a file can't be used, in the words of a shell: the JDK's messages are the bare path.
final class Reasons {
    private Reasons() {}

    static String of(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> "not a directory";
            case UncheckedIOException unchecked when unchecked.getCause() != null -> of(unchecked.getCause());
            default -> String.valueOf(e.getMessage());
        };
    }
}
