/// Reloading applications, when a signal or a file asks for it.
package dev.loomgate.cli.reload;
