/// The same routes in Flask and in ours, asked the same requests.
@org.jspecify.annotations.NullMarked
package dev.loomgate.toolkit.twin;
