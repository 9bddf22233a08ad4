package dev.loomgate.cli.reload;

import java.nio.file.Path;

/// A file whose change has a command run.
///
/// @param command for the shell
public record TouchCommand(Path file, String command) {}
