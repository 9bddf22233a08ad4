package dev.loomgate.bench.arena;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.HashMap;
import java.util.Map;

/// Micronaut on Netty with one event loop and its native transport, TLS by BoringSSL, JSON by Jackson;
/// what it answers is [MicronautArena]. Its static resources know no `.gz` beside a file.
public final class MicronautEntry {
    private MicronautEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "micronaut.application.name",
                "arena",
                "micronaut.server.http-version",
                "2.0",
                "micronaut.server.max-request-size",
                "64MB",
                "micronaut.server.netty.use-native-transport",
                true,
                "micronaut.netty.event-loops.default.num-threads",
                1,
                "micronaut.netty.event-loops.default.prefer-native-transport",
                true,
                "micronaut.router.static-resources.default.paths",
                "file:" + places.statics(),
                "micronaut.router.static-resources.default.mapping",
                "/static/**"));
        properties.putAll(Map.of(
                "micronaut.netty.event-loops.parent.prefer-native-transport",
                true,
                "micronaut.server.ssl.enabled",
                true,
                "micronaut.server.ssl.key-store.path",
                "file:" + places.certificate().store(),
                "micronaut.server.ssl.key-store.password",
                "hello",
                "micronaut.server.ssl.key-store.type",
                "PKCS12"));
        listener(properties, "http", places.http().port(), false);
        listener(properties, "https", places.https().port(), true);
        listener(properties, "h2c", places.h2c().port(), false);
        listener(properties, "h2", places.h2().port(), true);
        EmbeddedServer server = ApplicationContext.builder()
                .properties(properties)
                .banner(false)
                .singletons(Dataset.read(places))
                .start()
                .getBean(EmbeddedServer.class)
                .start();
        return () -> server.getApplicationContext().close();
    }

    private static void listener(Map<String, Object> properties, String name, int port, boolean tls) {
        String prefix = "micronaut.server.netty.listeners." + name + ".";
        properties.put(prefix + "host", Places.HOST);
        properties.put(prefix + "port", port);
        properties.put(prefix + "ssl", tls);
    }
}
