package dev.loomgate.python.spooler;

import dev.loomgate.python.PythonSetupException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A directory of tasks.
final class SpoolDirectory {
    private static final String MODE = "rwxr-x---";

    private SpoolDirectory() {}

    /// Makes it unless it is there, and looks whether it can be used. Blocks for the disk.
    ///
    /// @param setting what messages call the setting that names it
    /// @throws PythonSetupException if it can't be used; the message names the setting
    static void prepare(Path directory, String setting) throws PythonSetupException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw unusable(directory, setting, "it is no directory", e);
            }
        } catch (AccessDeniedException e) {
            throw unusable(directory, setting, "this user may not make it", e);
        } catch (IOException e) {
            throw unusable(directory, setting, "it can't be made: " + e.getMessage(), e);
        }
        if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
            throw unusable(directory, setting, "this user may not read and write there", null);
        }
    }

    private static PythonSetupException unusable(
            Path directory, String setting, String why, @Nullable IOException cause) {
        String message = "the directory of tasks %s can't be used (%s): %s".formatted(directory, setting, why);
        return cause == null ? new PythonSetupException(message) : new PythonSetupException(message, cause);
    }
}
