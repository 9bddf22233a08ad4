package dev.loomgate.python.differential;

import dev.loomgate.testkit.peers.PythonProgram;

/// An application and how each contender is to run it.
///
/// @param program the application
/// @param mode how requests are run
/// @param processes how many
/// @param mount the prefix below which it is reached, such as `/app`; empty for all paths
/// @param behindNginx whether the server listens on a unix socket for nginx, by the uwsgi protocol if it has that
public record Deployment(PythonProgram program, Mode mode, int processes, String mount, boolean behindNginx) {}
