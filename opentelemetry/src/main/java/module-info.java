/// OpenTelemetry: spans of requests for any gateway server, and the server's metrics. An embedder adds it.
@org.jspecify.annotations.NullMarked
module dev.loomgate.opentelemetry {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires transitive dev.loomgate.server;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires io.opentelemetry.common;

    exports dev.loomgate.opentelemetry;
}
