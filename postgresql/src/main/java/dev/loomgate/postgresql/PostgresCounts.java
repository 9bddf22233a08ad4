package dev.loomgate.postgresql;

/// Figures of a [Postgres], since it was made.
///
/// @param outages how often the database was gone
/// @param refused calls that weren't made, or had no answer, since it was gone
public record PostgresCounts(long outages, long refused) {}
