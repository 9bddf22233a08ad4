package dev.loomgate.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Looks whether the JVM could read the command line. It decodes arguments by its locale, and what that can't decode is
/// lost: a path becomes another one, a variable's value is damaged.
final class Arguments {
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /// What is wrong, for the operator; empty if all arguments are what was typed.
    static Optional<String> damage(String... args) {
        for (String arg : args) {
            if (arg.indexOf(REPLACEMENT) >= 0 && !isTyped()) {
                String encoding = System.getProperty("native.encoding", "");
                return Optional.of(
                        encoding.equals("UTF-8")
                                ? "the argument '%s' is not UTF-8, and no such name of a file can be given"
                                        .formatted(arg)
                                : ("the argument '%s' can't be read in the locale's encoding, %s: start the JVM with"
                                                + " LC_ALL=C.UTF-8, as ./loomgate does")
                                        .formatted(arg, encoding));
            }
        }
        return Optional.empty();
    }

    // Somebody may well have typed the replacement character itself.
    private static boolean isTyped() {
        if (!System.getProperty("native.encoding", "").equals("UTF-8")) {
            return false;
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/cmdline"))));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
