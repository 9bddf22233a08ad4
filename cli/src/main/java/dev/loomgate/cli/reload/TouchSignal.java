package dev.loomgate.cli.reload;

import java.nio.file.Path;

/// A file whose change raises a signal of the `uwsgi` module.
///
/// @param signal 0 to 255
public record TouchSignal(Path file, int signal) {}
