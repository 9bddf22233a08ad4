/// Finds the application that `--app` or `--mount` names: loads a class, or compiles a single source file in
/// memory, and takes the application out of it.
package dev.loomgate.cli.application;
