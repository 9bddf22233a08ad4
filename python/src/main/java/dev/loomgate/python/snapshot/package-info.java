/// What is to be seen of a Python application while it runs: figures and what its workers do at a moment, for
/// statistics of any format. Values alone, which know nothing of how they came about.
package dev.loomgate.python.snapshot;
