package dev.loomgate.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How this program was started, so that it can be started once more: `java`, its flags, the main class, and the words
/// after it.
///
/// @param java the JVM's program
/// @param flags what stands between it and the main class's words: the JVM's options
/// @param words the main class, or what stands for it, and the program's own arguments
public record OwnCommand(String java, List<String> flags, List<String> words) {
    public OwnCommand {
        flags = List.copyOf(flags);
        words = List.copyOf(words);
    }

    /// Looks it up. Before [ProcessTitle], which writes over it.
    ///
    /// @param mainClass its name
    /// @throws IOException if the system doesn't say
    public static OwnCommand of(String mainClass) throws IOException {
        List<String> all = all();
        int main = 1;
        while (main < all.size() && !isMain(all.get(main), mainClass)) {
            main++;
        }
        return new OwnCommand(
                ProcessHandle.current().info().command().orElse(all.getFirst()),
                all.subList(1, main),
                all.subList(main, all.size()));
    }

    // As a module, it stands after the module's name and a slash.
    private static boolean isMain(String word, String mainClass) {
        return word.equals(mainClass) || word.endsWith("/" + mainClass);
    }

    /// All words. The first one may be no more than a name.
    static List<String> all() throws IOException {
        List<String> words =
                new ArrayList<>(List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                        .split("\0", -1)));
        words.removeLast(); // each ends with a NUL
        return words;
    }
}
