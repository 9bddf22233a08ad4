package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a program finds when it begins, besides its module: how its interpreter runs, what is imported before it, its
/// arguments, what it may have.
///
/// @param optimize 1 leaves out `assert` (Python's `-O`), 2 also docstrings (`-OO`); 0 for neither
/// @param script a file that is run instead of answering requests, in the only worker that there is then; or null
/// @param arguments `sys.argv` after its first
/// @param sharedImports modules that are imported once, before workers are forked; a file, if there is a slash in the
/// name or `.py` at its end. What can't be imported is logged
/// @param imports the same, imported where the program is: in each worker if that is lazy
/// @param fileWrapper whether `wsgi.file_wrapper` is in environ
/// @param directoryAfter the working directory when the program is loaded; or null for the same
/// @param input whether standard input is the server's, rather than empty
/// @param addressSpaceBytes the most that each of its processes may have of address space (RLIMIT_AS); 0 for no limit
/// @param threadStackBytes of the threads that run requests, 64 KiB to 1 GiB; 0 for the usual
/// @param pasteName which application of a Paste Deploy file; or null for `main`, or what the file's name says
/// @param pasteLoggers whether the loggers of that file are set up before
public record ProgramSetup(
        int optimize,
        @Nullable Path script,
        List<String> arguments,
        List<String> sharedImports,
        List<String> imports,
        boolean fileWrapper,
        @Nullable Path directoryAfter,
        boolean input,
        long addressSpaceBytes,
        int threadStackBytes,
        @Nullable String pasteName,
        boolean pasteLoggers) {
    private static final int MOST_OPTIMIZED = 2;
    private static final int LEAST_STACK_BYTES = 64 << 10;
    private static final int MOST_STACK_BYTES = 1 << 30;

    /// @throws IllegalArgumentException if a setting is out of range; the message names it
    public ProgramSetup {
        InvalidSetting.requireBetween(0, MOST_OPTIMIZED, "optimize", optimize);
        InvalidSetting.requireNotNegative("addressSpaceBytes", addressSpaceBytes);
        if (threadStackBytes != 0 && (threadStackBytes < LEAST_STACK_BYTES || threadStackBytes > MOST_STACK_BYTES)) {
            throw new InvalidSetting(
                    "threadStackBytes", "is %d KiB, it must be in 64 to 1048576".formatted(threadStackBytes >> 10));
        }
        arguments = List.copyOf(arguments);
        sharedImports = List.copyOf(sharedImports);
        imports = List.copyOf(imports);
    }

    /// The same without a script.
    ProgramSetup withoutScript() {
        return new ProgramSetup(
                optimize,
                null,
                arguments,
                sharedImports,
                imports,
                fileWrapper,
                directoryAfter,
                input,
                addressSpaceBytes,
                threadStackBytes,
                pasteName,
                pasteLoggers);
    }

    /// The options of the interpreter.
    public List<String> interpreterOptions() {
        return optimize == 0 ? List.of() : List.of("-" + "O".repeat(optimize));
    }
}
