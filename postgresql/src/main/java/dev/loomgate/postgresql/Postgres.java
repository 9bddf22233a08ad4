package dev.loomgate.postgresql;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/// A PostgreSQL, by the pool of connections that the application has: what several servers share is in it.
///
/// ```java
/// Postgres postgres = Postgres.of(pool);
/// postgres.createTables();
/// PostgresQueue mails = PostgresQueue.of(postgres, "mails");
/// ```
/// Each call takes a connection, makes one statement, and gives the connection back. While the database is gone, one
/// call in 250 ms tries it; all others are refused at once. Made once for a pool, and shared; any thread. It needs
/// PostgreSQL 12 or later, and has nothing to be closed: the pool is the application's.
public final class Postgres {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    // After the server's own end of a statement that takes too long.
    private static final Duration AFTER_TIMEOUT = Duration.ofSeconds(1);

    private static final String TABLES = "tables.sql";
    private static final String TIMEOUT = "57014"; // query_canceled

    private final DataSource pool;
    private final PostgresSettings settings;
    private final Outages outages = new Outages();

    private Postgres(DataSource pool, PostgresSettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    /// One with the usual settings.
    ///
    /// @param pool of connections to it; a pool's limit of waiting for one should be a few seconds
    public static Postgres of(DataSource pool) {
        return of(pool, PostgresSettings.DEFAULT);
    }

    /// The same with other settings.
    public static Postgres of(DataSource pool, PostgresSettings settings) {
        return new Postgres(pool, settings);
    }

    /// Makes the tables that aren't there, and their indexes. Several servers may do so at once. The schema has to be
    /// there; who connects has to be allowed to make tables in it.
    ///
    /// @throws IllegalStateException if they can't be made
    /// @throws ServiceUnavailable if the database can't be asked
    public void createTables() {
        String sql = tables();
        ask(connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout((int) settings.timeout().toSeconds());
                // IF NOT EXISTS isn't safe when two do it at once.
                statement.execute("SELECT pg_advisory_xact_lock(hashtext('dev.loomgate.postgresql'))");
                if (!settings.schema().isEmpty()) {
                    statement.execute("SET LOCAL search_path TO \"" + settings.schema() + "\"");
                }
                statement.execute(sql);
                connection.commit();
            } catch (SQLException e) {
                rollBack(connection);
                throw e;
            } finally {
                setAutoCommit(connection);
            }
            return true;
        });
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection's end does that.
        }
    }

    private static void setAutoCommit(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // It has ended.
        }
    }

    /// The statements of [#createTables], for those who make tables by other means.
    public static String tables() {
        try (InputStream file = Postgres.class.getResourceAsStream(TABLES)) {
            if (file == null) {
                throw new IllegalStateException(TABLES + " is missing in this module");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether it has answered the last call.
    public boolean isThere() {
        return !outages.isGone();
    }

    /// Its figures.
    public PostgresCounts counts() {
        return outages.counts();
    }

    // ---- for what is in it

    /// What is done with a connection, or with a statement.
    @FunctionalInterface
    interface Step<S, T> {
        T make(S with) throws SQLException;
    }

    /// The statement with the tables' schema in the place of `{schema}`.
    String sql(String statement) {
        String schema = settings.schema();
        return statement.replace("{schema}", schema.isEmpty() ? "" : "\"" + schema + "\".");
    }

    /// Says once in a while that something is refused, though it is there.
    void complain(String what) {
        outages.complain(what);
    }

    static ServiceUnavailable refusal() {
        return new ServiceUnavailable(RETRY_AFTER);
    }

    /// Makes one statement, which is a transaction.
    ///
    /// @throws ServiceUnavailable if it has no answer: it may have been made, or not
    /// @throws IllegalStateException if the database says that it is wrong
    <T> T run(String sql, Step<PreparedStatement, T> step) {
        return ask(connection -> {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setQueryTimeout((int) settings.timeout().toSeconds());
                return step.make(statement);
            }
        });
    }

    private <T> T ask(Step<Connection, T> step) {
        if (!outages.mayTry()) {
            throw refusal();
        }
        boolean isOver = false;
        try {
            T result = connected(step);
            outages.end();
            isOver = true;
            return result;
        } catch (NoConnection e) {
            isOver = lost(e.getCause() instanceof SQLException cause ? cause : e);
            throw refusal();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (isLoss(state)) {
                isOver = lost(e);
                throw refusal();
            }
            outages.end();
            isOver = true;
            throw refused(state, e);
        } finally {
            if (!isOver) {
                outages.leave();
            }
        }
    }

    private <T> T connected(Step<Connection, T> step) throws SQLException {
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException e) {
            throw new NoConnection(e);
        }
        try (connection) {
            connection.setNetworkTimeout(
                    Runnable::run,
                    Math.toIntExact(settings.timeout().plus(AFTER_TIMEOUT).toMillis()));
            return step.make(connection);
        }
    }

    /// @return whether that says something of the database, and not of who asks
    private boolean lost(SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        outages.begin(text(e));
        return true;
    }

    // Class 08: the connection; 57P: it is being shut down or started; 25006: it only reads, as after a failover;
    // 53: it has no more memory, disk or connections.
    private static boolean isLoss(String state) {
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53") || state.equals("25006");
    }

    private RuntimeException refused(String state, SQLException e) {
        if (state.equals(TIMEOUT)) {
            outages.complain("a statement took over %d s (PostgresSettings, timeout)"
                    .formatted(settings.timeout().toSeconds()));
            return refusal();
        }
        // Class 40: somebody else was in the way; made again it goes through.
        if (state.startsWith("40")) {
            outages.complain(text(e));
            return refusal();
        }
        if (state.equals("42P01")) {
            return new IllegalStateException(
                    "PostgreSQL: a table is missing (Postgres, createTables; PostgresSettings, schema): " + text(e), e);
        }
        return new IllegalStateException("PostgreSQL: " + text(e), e);
    }

    private static String text(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /// The pool has none.
    private static final class NoConnection extends SQLException {
        private static final long serialVersionUID = 1;

        NoConnection(SQLException cause) {
            super(cause);
        }
    }
}
