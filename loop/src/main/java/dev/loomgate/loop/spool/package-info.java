/// Where responses wait for slow clients: the account of the memory that they take, and temporary files.
///
/// Nothing here knows what waits, or who takes it.
package dev.loomgate.loop.spool;
