/// What a test sees of its own process and of the machine: log lines, processes, descriptors, and a wait with a
/// deadline for what other threads and processes do.
///
/// Nothing in this module knows the server under test: it meets servers by their addresses, and logs by their names.
package dev.loomgate.testkit;
