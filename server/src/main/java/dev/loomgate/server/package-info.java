/// To be written.
package dev.loomgate.server;
