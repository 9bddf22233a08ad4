/// Finds the kinds of applications that modules offer ([dev.loomgate.gateway.kind.ApplicationKind]), by the names that
/// the command line has. It names none of them itself.
package dev.loomgate.cli.kinds;
