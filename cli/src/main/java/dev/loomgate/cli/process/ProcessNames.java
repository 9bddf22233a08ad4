package dev.loomgate.cli.process;

/// What `ps` shows of a server's processes.
///
/// @param master the JVM
/// @param zygote the process that imports a Python program
/// @param worker one of its workers, with `{id}` for the worker's number
public record ProcessNames(String master, String zygote, String worker) {}
