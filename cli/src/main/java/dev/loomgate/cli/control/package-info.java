/// The control socket: commands of operators by HTTP on a unix socket, and where `loomgate ctl` finds it. What the
/// commands do is behind [Actions][dev.loomgate.cli.control.Actions], as for the master FIFO.
package dev.loomgate.cli.control;
