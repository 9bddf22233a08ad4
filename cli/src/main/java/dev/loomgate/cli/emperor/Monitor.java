package dev.loomgate.cli.emperor;

import dev.loomgate.cli.config.expansion.Glob;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where vassals' files are: a directory, `/etc/loomgate/sites`, or a pattern for files, `/srv/*/site.ini`. With
/// `dir://`
/// or `glob://` before it, which says the same. Used by one thread.
final class Monitor {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final String text;
    private final String place;
    private final Path start;
    private final boolean follow;
    private final boolean followOwner;
    private boolean told;

    /// @param start what it is relative to
    Monitor(String text, Path start, boolean follow, boolean followOwner) {
        this.text = text;
        this.start = start;
        this.follow = follow;
        this.followOwner = followOwner;
        place = withoutScheme(text);
    }

    /// @throws IllegalArgumentException if it is another kind of place than a directory or a pattern
    static void check(String text) {
        if (withoutScheme(text).matches("[a-z]+://.*")) {
            throw new IllegalArgumentException(
                    "--emperor %s: vassals are files: give a directory, or a pattern such as /srv/*/site.ini"
                            .formatted(text));
        }
    }

    private static String withoutScheme(String text) {
        return text.replaceFirst("^(dir|glob)://", "");
    }

    /// What is there.
    ///
    /// @param complete whether all could be looked at: a file that isn't among them has gone
    record Found(List<VassalFile> files, boolean complete) {}

    /// Looks. A directory is there or not each time.
    Found look() {
        Path directory = start.resolve(place);
        return Files.isDirectory(directory) ? inDirectory(directory.normalize()) : byPattern();
    }

    /// As it was given.
    @Override
    public String toString() {
        return text;
    }

    /// What names are relative to.
    Path directory() {
        Path directory = start.resolve(place);
        return Files.isDirectory(directory) ? directory.normalize() : start;
    }

    private Found inDirectory(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Found(List.of(), true); // it has just gone
        } catch (IOException | DirectoryIteratorException e) {
            tell(directory, e);
            return new Found(List.of(), false);
        }
        names.sort(null);
        return looked(names, directory);
    }

    private Found byPattern() {
        return looked(Glob.files(start, place), start);
    }

    private Found looked(List<String> names, Path directory) {
        List<VassalFile> files = new ArrayList<>();
        boolean complete = true;
        for (String name : names) {
            if (!VassalFile.isName(name)) {
                continue;
            }
            try {
                VassalFile.look(name, directory, text, follow, followOwner).ifPresent(files::add);
            } catch (IOException e) {
                if (!(e instanceof NoSuchFileException)) { // that one has just gone
                    tell(directory.resolve(name), e);
                    complete = false;
                }
            }
        }
        told &= !complete;
        return new Found(files, complete);
    }

    private void tell(Path what, Exception e) {
        if (!told) {
            LOG.log(
                    Level.WARNING,
                    "emperor: {0} can''t be looked at, so nothing is ended for now: {1}",
                    what,
                    e.getMessage());
            told = true;
        }
    }
}
