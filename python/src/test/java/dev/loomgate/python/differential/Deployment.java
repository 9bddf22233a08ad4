package dev.loomgate.python.differential;

import dev.loomgate.server.peers.PythonProgram;

/// An application and how each contender is to run it.
///
/// @param program the application
/// @param mode how requests are run
/// @param processes how many
/// @param mount the prefix below which it is reached, such as `/app`; empty for all paths
public record Deployment(PythonProgram program, Mode mode, int processes, String mount) {}
