/// Spoolers: the role whose processes do the tasks that a program has written to a directory or to a
/// queue of several servers, and what the program asks of it. The tasks of directories, their files
/// and their locks, are the Python side's alone; those of a queue come from the store by a
/// [QueueDesk]. Not exported.
package dev.loomgate.python.spooler;
