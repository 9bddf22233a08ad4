/// A queue of tasks and the claims of scheduled runs for several servers, in PostgreSQL, by a pool of connections
/// that the application has.
@org.jspecify.annotations.NullMarked
module dev.loomgate.postgresql {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires transitive java.sql;

    exports dev.loomgate.postgresql;
}
