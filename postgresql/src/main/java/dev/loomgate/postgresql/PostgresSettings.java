package dev.loomgate.postgresql;

import java.time.Duration;
import java.util.regex.Pattern;

/// How PostgreSQL is asked.
///
/// Immutable: each method whose name begins with `with` returns a new one.
///
/// @param schema where the tables are: letters, digits and `_`, up to 63 of them; empty for the first one of the
///     connection's `search_path`
/// @param timeout for how long a statement may take, in whole seconds: 1 s to 5 min. Getting a connection is limited
///     by the pool's own setting
public record PostgresSettings(String schema, Duration timeout) {
    private static final Pattern SCHEMA = Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62})?");
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(5);

    /// The schema of the connection, and 5 s.
    public static final PostgresSettings DEFAULT = new PostgresSettings("", Duration.ofSeconds(5));

    /// @throws IllegalArgumentException if one of them is out of its range
    public PostgresSettings {
        if (!SCHEMA.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "PostgresSettings: schema is \"%s\", not letters, digits and _, up to 63".formatted(schema));
        }
        if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(MOST) > 0 || timeout.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException(
                    "PostgresSettings: timeout is %s, not whole seconds in %s to %s".formatted(timeout, LEAST, MOST));
        }
    }

    /// The same with another schema.
    ///
    /// @throws IllegalArgumentException if it has other characters
    public PostgresSettings withSchema(String other) {
        return new PostgresSettings(other, timeout);
    }

    /// The same with another limit of a statement.
    ///
    /// @throws IllegalArgumentException if it is out of its range
    public PostgresSettings withTimeout(Duration other) {
        return new PostgresSettings(schema, other);
    }
}
