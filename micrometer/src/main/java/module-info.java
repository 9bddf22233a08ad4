/// Micrometer: timers of requests, and meters of a server, its Python workers, queues of tasks and schedules. An
/// embedder adds it.
@org.jspecify.annotations.NullMarked
module dev.loomgate.micrometer {
    requires static transitive org.jspecify;
    requires static transitive dev.loomgate.python; // for WorkerMeters alone
    requires static transitive dev.loomgate.toolkit; // for queues and schedules alone
    requires transitive dev.loomgate.server;
    requires transitive micrometer.core;

    exports dev.loomgate.micrometer;
}
