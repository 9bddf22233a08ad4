/// Server-sent events of the toolkit on a real server.
package dev.loomgate.examples.events;
