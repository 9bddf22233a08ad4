/// Finds the application that `--app` or `--mount` names: loads a class, or compiles a single source file in memory,
/// unless it is kept from an earlier start, and takes the application out of it.
package dev.loomgate.cli.application;
