/// Spoolers: the role whose processes do the tasks that a program has written to a directory, and what the
/// program asks of it. The tasks themselves, their files and their locks, are the Python side's alone. Not exported.
package dev.loomgate.python.spooler;
