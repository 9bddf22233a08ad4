/// The control socket: commands of operators by HTTP on a unix socket, and where `loomgate ctl` finds it. What the
/// commands do is behind [ServerActions][dev.loomgate.cli.live.ServerActions], as for the master FIFO and for the
/// dashboard.
package dev.loomgate.cli.control;
