package dev.loomgate.bench.blocking;

import java.nio.file.Path;

/// What kinds of blocking need.
///
/// @param folder for their files; the run removes it
/// @param postgres the JDBC URL of a PostgreSQL server
record Place(Path folder, String postgres) {}
