package dev.loomgate.tracker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.security.passwords.Passwords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Issues, attachments and users, by JDBC. Used by all requests at once; each call takes a connection of the pool.
public final class Database implements AutoCloseable {
    private static final int PER_PAGE = 20;
    private static final Passwords PASSWORDS = Passwords.scrypt();

    private final HikariDataSource pool;

    /// Makes the tables where they are missing.
    ///
    /// @param url such as `jdbc:h2:./tracker`
    public Database(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(32); // as many as there are threads for blocking work
        config.setMinimumIdle(2);
        pool = new HikariDataSource(config);
        update("""
                create table if not exists users(name varchar(40) primary key, password varchar(200) not null);
                create table if not exists issues(
                    id bigint generated always as identity primary key, title varchar(80) not null,
                    text varchar(4000) not null, state varchar(5) not null, author varchar(40) not null);
                create table if not exists attachments(
                    id bigint generated always as identity primary key, name varchar not null, content blob not null,
                    issue bigint not null references issues(id) on delete cascade)""");
    }

    /// A page of them, the newest first.
    public List<Issue> issues(Optional<Issue.State> state, int page) throws SQLException {
        return query(
                "select * from issues where ? in ('', state) order by id desc limit ? offset ?",
                Database::issue,
                state.map(Enum::name).orElse(""),
                PER_PAGE,
                (page - 1L) * PER_PAGE);
    }

    public Optional<Issue> issue(long id) throws SQLException {
        return query("select * from issues where id = ?", Database::issue, id).stream()
                .findFirst();
    }

    public Issue add(String title, String text, Issue.State state, String author) throws SQLException {
        long id = insert(
                "insert into issues(title, text, state, author) values (?, ?, ?, ?)",
                title,
                text,
                state.name(),
                author);
        return new Issue(id, title, text, state, author);
    }

    /// Returns whether it was there.
    public boolean change(long id, String title, String text, Issue.State state) throws SQLException {
        return update("update issues set title = ?, text = ?, state = ? where id = ?", title, text, state.name(), id)
                == 1;
    }

    /// Returns whether it was there.
    public boolean remove(long id) throws SQLException {
        return update("delete from issues where id = ?", id) == 1;
    }

    public List<Attachment> attachments(long issue) throws SQLException {
        return query(
                "select id, name from attachments where issue = ? order by id",
                row -> new Attachment(row.getLong("id"), row.getString("name")),
                issue);
    }

    public void attach(long issue, String name, byte[] content) throws SQLException {
        insert("insert into attachments(issue, name, content) values (?, ?, ?)", issue, name, content);
    }

    public Optional<Attachment> attachment(long id) throws SQLException {
        return query(
                        "select id, name from attachments where id = ?",
                        row -> new Attachment(row.getLong("id"), row.getString("name")),
                        id)
                .stream()
                .findFirst();
    }

    public Optional<byte[]> content(long attachment) throws SQLException {
        return query("select content from attachments where id = ?", row -> row.getBytes("content"), attachment)
                .stream()
                .findFirst();
    }

    /// Gives a user this password.
    public void setPassword(String user, String password) throws SQLException, InterruptedException {
        update("merge into users(name, password) key(name) values (?, ?)", user, PASSWORDS.hash(password));
    }

    /// Whether there is such a user, with this password. It takes as long where there is none.
    public boolean knows(String user, String password) throws SQLException, InterruptedException {
        List<String> kept = query("select password from users where name = ?", row -> row.getString("password"), user);
        return PASSWORDS.matches(password, kept.isEmpty() ? null : kept.getFirst());
    }

    private static Issue issue(ResultSet row) throws SQLException {
        return new Issue(
                row.getLong("id"),
                row.getString("title"),
                row.getString("text"),
                Issue.State.valueOf(row.getString("state")),
                row.getString("author"));
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> row, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet found = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (found.next()) {
                all.add(row.read(found));
            }
            return all;
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private long insert(String sql, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values)) {
            statement.executeUpdate();
            try (ResultSet keys = statement.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql, PreparedStatement.RETURN_GENERATED_KEYS);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        pool.close();
    }
}
