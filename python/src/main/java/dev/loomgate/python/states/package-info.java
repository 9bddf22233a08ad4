/// The lives of worker processes and of calls, each as one table: its states, what may happen in each, and what
/// follows. Values only: what is done at a change belongs to the owner of the state, one class for each life. Not
/// exported.
package dev.loomgate.python.states;
