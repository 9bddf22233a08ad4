/// To be written.
package dev.loomgate.bench;
