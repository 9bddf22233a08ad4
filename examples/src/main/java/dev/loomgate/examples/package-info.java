/// To be written.
package dev.loomgate.examples;
