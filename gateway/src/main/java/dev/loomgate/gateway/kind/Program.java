package dev.loomgate.gateway.kind;

import java.util.List;
import java.util.Map;

/// What an [ApplicationKind] is to load.
///
/// @param name what follows the kind's colon: `shop.core/handler`
/// @param loader of the program's classes and resources
/// @param scripts files that are to be run before, by their names on the class path or in the file system; in order
/// @param options what the server was started with, by names without hyphens before them: texts, `true`, and lists of
/// both
public record Program(String name, ClassLoader loader, List<String> scripts, Map<String, Object> options) {
    public Program {
        scripts = List.copyOf(scripts);
        options = Map.copyOf(options);
    }

    /// A program without scripts and options.
    public Program(String name, ClassLoader loader) {
        this(name, loader, List.of(), Map.of());
    }
}
