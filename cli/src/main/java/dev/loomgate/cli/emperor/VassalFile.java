package dev.loomgate.cli.emperor;

import dev.loomgate.cli.files.FileState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/// A vassal's configuration file, as it was at a look.
///
/// @param name as the emperor's monitor has it: `site.ini` in a directory, a path where a pattern gave one
/// @param directory what the name is relative to; absolute
/// @param monitor which found it, as it was given
/// @param uid whose it is
/// @param gid of which group
record VassalFile(String name, Path directory, String monitor, FileState state, int uid, int gid) {
    private static final List<String> ENDINGS = List.of(".ini", ".xml", ".yml", ".yaml", ".js", ".json");
    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NOT = {LinkOption.NOFOLLOW_LINKS};

    /// Whether a file of that name is a vassal's.
    static boolean isName(String name) {
        return ENDINGS.stream().anyMatch(name::endsWith) && name.indexOf(':') < 0;
    }

    /// @param follow whether, of a link, the file that it leads to tells when it has changed
    /// @param followOwner whether that file tells whose it is
    /// @return empty if there is none, or it is no file
    /// @throws IOException if that can't be told now
    static Optional<VassalFile> look(String name, Path directory, String monitor, boolean follow, boolean followOwner)
            throws IOException {
        Path path = directory.resolve(name);
        LinkOption[] how = follow ? FOLLOW : NOT;
        if (!Files.exists(path, how)) {
            return Optional.empty();
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, how);
        if (!attributes.isRegularFile() && !attributes.isSymbolicLink()) {
            return Optional.empty();
        }
        LinkOption[] ofOwner = followOwner && Files.exists(path) ? FOLLOW : NOT;
        return Optional.of(new VassalFile(
                name,
                directory,
                monitor,
                FileState.of(attributes),
                (int) Files.getAttribute(path, "unix:uid", ofOwner),
                (int) Files.getAttribute(path, "unix:gid", ofOwner)));
    }

    /// Which tells it from all others.
    Path path() {
        return directory.resolve(name);
    }

    boolean hasOwnerOf(VassalFile other) {
        return uid == other.uid && gid == other.gid;
    }

    /// When it was changed last, in seconds since 1970.
    long modifiedSeconds() {
        return state.modified().toMillis() / 1000;
    }
}
