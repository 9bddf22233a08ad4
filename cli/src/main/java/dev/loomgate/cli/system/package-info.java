/// What the operating system keeps for this process, and Java has no words for: the mask of new files' modes, and how
/// many files may be open. Asked for by options, set once, before the server starts; it holds for the processes that
/// this one starts, too.
package dev.loomgate.cli.system;
