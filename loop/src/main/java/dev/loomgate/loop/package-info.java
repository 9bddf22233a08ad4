/// To be written.
package dev.loomgate.loop;
