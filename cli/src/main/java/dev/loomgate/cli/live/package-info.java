/// A running server and its Python applications as operators see them, and what they can do to them. Each face of it
/// (statistics, the control socket, metrics, the dashboard) looks here.
package dev.loomgate.cli.live;
