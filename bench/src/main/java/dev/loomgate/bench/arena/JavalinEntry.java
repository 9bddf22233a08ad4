package dev.loomgate.bench.arena;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.Location;
import io.javalin.json.JavalinJackson3;
import java.io.IOException;
import java.io.OutputStream;

/// Javalin at its defaults, with virtual threads; Jetty's connectors are those of [JettyEntry]. Its
/// static files know no `.gz` beside a file.
public final class JavalinEntry {
    private JavalinEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) {
        Dataset dataset = Dataset.read(places);
        Javalin javalin = Javalin.create(config -> {
            config.concurrency.useVirtualThreads = true;
            config.startup.showJavalinBanner = false;
            config.jsonMapper(new JavalinJackson3());
            config.jetty.modifyServer(server -> JettyEntry.connectors(server, places));
            config.staticFiles.add(files -> {
                files.hostedPath = "/static";
                files.directory = places.statics().toString();
                files.location = Location.EXTERNAL;
            });
            config.routes.get("/baseline11", context -> text(context, sum(context)));
            config.routes.post(
                    "/baseline11", context -> text(context, sum(context) + Integer.parseInt(context.body())));
            config.routes.get("/baseline2", context -> text(context, sum(context)));
            config.routes.get("/pipeline", context -> context.result("ok"));
            config.routes.get(
                    "/json/{count}",
                    context -> context.json(dataset.first(
                            context.pathParamAsClass("count", Integer.class).get(), query(context, "m"))));
            config.routes.post("/upload", JavalinEntry::upload);
            config.routes.ws("/ws", socket -> {
                socket.onMessage(message -> message.send(message.message()));
                socket.onBinaryMessage(message -> message.send(message.data()));
            });
            config.routes.get("/ws", context -> context.status(400));
        });
        javalin.start();
        return javalin::stop;
    }

    private static int query(Context context, String name) {
        return context.queryParamAsClass(name, Integer.class).get();
    }

    private static int sum(Context context) {
        return query(context, "a") + query(context, "b");
    }

    private static void text(Context context, long number) {
        context.result(Long.toString(number));
    }

    private static void upload(Context context) throws IOException {
        text(context, context.bodyInputStream().transferTo(OutputStream.nullOutputStream()));
    }
}
