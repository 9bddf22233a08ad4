package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.util.List;

/// What a program finds when it begins, besides its module: how its interpreter runs, what is imported before it, its
/// arguments.
///
/// @param optimize 1 leaves out `assert` (Python's `-O`), 2 also docstrings (`-OO`); 0 for neither
/// @param arguments `sys.argv` after its first
/// @param sharedImports modules that are imported once, before workers are forked; a file, if there is a slash in the
/// name or `.py` at its end. What can't be imported is logged
/// @param imports the same, imported where the program is: in each worker if that is lazy
/// @param fileWrapper whether `wsgi.file_wrapper` is in environ
public record ProgramSetup(
        int optimize, List<String> arguments, List<String> sharedImports, List<String> imports, boolean fileWrapper) {
    private static final int MOST_OPTIMIZED = 2;

    /// @throws IllegalArgumentException if a setting is out of range; the message names it
    public ProgramSetup {
        InvalidSetting.requireBetween(0, MOST_OPTIMIZED, "optimize", optimize);
        arguments = List.copyOf(arguments);
        sharedImports = List.copyOf(sharedImports);
        imports = List.copyOf(imports);
    }

    /// The options of the interpreter.
    public List<String> interpreterOptions() {
        return optimize == 0 ? List.of() : List.of("-" + "O".repeat(optimize));
    }
}
