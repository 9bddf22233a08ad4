/// `loomgate ctl`: a client of the control socket, of the JDK's classes alone, so that it starts quickly. What a
/// command does and how its answer looks is the server's business.
package dev.loomgate.cli.ctl;
