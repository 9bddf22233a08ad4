package dev.loomgate.python.spooler;

import dev.loomgate.python.PythonSetupException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A directory of tasks.
final class SpoolDirectory {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final String MODE = "rwxr-x---";
    /// What the name of a task's file begins with: uWSGI's.
    private static final String TASK = "uwsgi_spoolfile_on_";

    private static final Pattern PRIORITY = Pattern.compile("[0-9]+");

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

    /// How many tasks are there, as files: those that wait and those that run, and those of directories of
    /// priorities. Blocks for the disk.
    static long tasks(Path directory) {
        long count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith(TASK)) {
                    count++;
                } else if (PRIORITY.matcher(name).matches()) {
                    count += Files.isDirectory(file) ? tasks(file) : 1;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(Level.DEBUG, "the tasks of {0} can''t be counted: {1}", directory, e.getMessage());
        }
        return count;
    }

    private static PythonSetupException unusable(
            Path directory, String setting, String why, @Nullable IOException cause) {
        String message = "the directory of tasks %s can't be used (%s): %s".formatted(directory, setting, why);
        return cause == null ? new PythonSetupException(message) : new PythonSetupException(message, cause);
    }
}
