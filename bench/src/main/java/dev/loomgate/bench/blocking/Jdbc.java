package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Databases, by their JDBC drivers.
final class Jdbc {
    private Jdbc() {}

    static void postgresWait(Place place, Environ environ) throws SQLException {
        query(place.postgres(), "select pg_sleep(1)");
    }

    static void postgresRows(Place place, Environ environ) throws SQLException {
        query(place.postgres(), "select n, 'row ' || n from generate_series(1, 1000000) n");
    }

    static void h2(Place place, Environ environ) throws SQLException {
        query("jdbc:h2:mem:", "select sum(x), count(distinct mod(x, 1000)) from system_range(1, 3000000)");
    }

    static void sqlite(Place place, Environ environ) throws SQLException {
        query(
                "jdbc:sqlite::memory:",
                "with recursive n(x) as (select 1 union all select x + 1 from n where x < 3000000)"
                        + " select sum(x), count(distinct x % 1000) from n");
    }

    private static void query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {}
        }
    }
}
