/// To be written.
package dev.loomgate.cli;
