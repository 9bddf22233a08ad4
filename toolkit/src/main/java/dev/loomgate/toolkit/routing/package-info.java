/// To be written.
package dev.loomgate.toolkit.routing;
