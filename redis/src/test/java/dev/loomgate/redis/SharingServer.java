package dev.loomgate.redis;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.security.limits.RateLimit;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Subscription;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.sessions.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A program: one of several servers of a site, which has something of each kind that they share.
///
/// | path | what |
/// |---|---|
/// | `/` | nothing that is shared |
/// | `/login`, `/session` | writes and reads a session, which is refused while Redis is gone |
/// | `/anonymous` | reads the same session, which is empty while Redis is gone |
/// | `/price` | a cached value |
/// | `/limited` | one of [#LIMIT] in a second |
/// | `/feed` | a WebSocket that gets what is published; past [#QUEUE] unread messages it is closed |
/// | `/narrow` | the same, past 100 |
/// | `POST /publish`, `POST /publish/narrow` | publishes `NAME COUNT PERIOD SIZE`: see [#publish] |
/// | `/ended` | how many WebSockets of `/narrow` were closed for being too slow |
final class SharingServer {
    static final int LIMIT = 100;
    static final int QUEUE = 20_000;

    private final Application strict;
    private final Application lenient;
    private final Application limited;
    private final RedisCache prices;
    private final RedisTopic feed;
    private final RedisTopic narrow;

    private SharingServer(Redis redis) {
        RedisSessions sessions = RedisSessions.of(redis);
        strict = Sessions.stored(sessions).wrap(SharingServer::session);
        lenient = Sessions.stored(sessions.withWhenGone(RedisSessions.WhenGone.ANONYMOUS))
                .wrap(SharingServer::session);
        limited = RateLimit.of("hundred", LIMIT, Duration.ofSeconds(1))
                .in(RedisRateLimits.of(redis))
                .wrap(text("in"));
        prices = RedisCache.of(redis, "prices", CacheSettings.DEFAULT);
        Topic wide = Topic.builder().queue(QUEUE).history(0).build();
        feed = RedisTopic.of(redis, "feed", wide, RedisTopic.WhenGone.LOCAL);
        narrow = RedisTopic.of(redis, "narrow", Topic.of(), RedisTopic.WhenGone.LOCAL);
    }

    private static Application text(String text) {
        return (environ, startResponse) -> new Response(text).call(environ, startResponse);
    }

    private static Body session(Environ environ, StartResponse startResponse) throws Exception {
        Session session = Session.of(environ);
        if (environ.path().equals("/login")) {
            session.put("user", "ada");
        }
        return text(session.get("user", String.class).orElse("nobody")).call(environ, startResponse);
    }

    private Body answer(Environ environ, StartResponse startResponse) throws Exception {
        Application application =
                switch (environ.path()) {
                    case "/" -> text("open");
                    case "/login", "/session" -> strict;
                    case "/anonymous" -> lenient;
                    case "/limited" -> limited;
                    case "/price" -> text(new String(prices.get("acme", SharingServer::load), StandardCharsets.UTF_8));
                    case "/feed" -> socket(feed);
                    case "/narrow" -> socket(narrow);
                    case "/publish" -> text(publish(feed, new Request(environ).text()));
                    case "/publish/narrow" -> text(publish(narrow, new Request(environ).text()));
                    case "/ended" -> text(Long.toString(narrow.local().counts().ended()));
                    default -> throw new IllegalArgumentException(environ.path());
                };
        return application.call(environ, startResponse);
    }

    private static byte[] load() {
        return "42".getBytes(StandardCharsets.US_ASCII);
    }

    /// Publishes messages `NAME NUMBER NANOSECONDS`, the time of publishing, filled up to a size.
    ///
    /// @param order a name without blanks, how many, microseconds from one to the next, and the size in
    /// characters
    /// @return how many nanoseconds it took
    private static String publish(RedisTopic topic, String order) {
        String[] parts = order.split(" ", -1);
        int count = Integer.parseInt(parts[1]);
        long period = Long.parseLong(parts[2]) * 1000;
        int size = Integer.parseInt(parts[3]);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long early = begin + i * period - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            String text = parts[0] + " " + i + " " + System.nanoTime() + " ";
            topic.publish(Event.of(text + ".".repeat(Math.max(0, size - text.length()))));
        }
        return Long.toString(System.nanoTime() - begin);
    }

    private static Application socket(RedisTopic topic) {
        return (environ, startResponse) -> environ.webSocket().orElseThrow().accept(startResponse, socket -> {
            try (Subscription place = topic.local().subscribe()) {
                Thread.ofVirtual().start(() -> send(socket, place));
                // The client may go on when it has its place.
                socket.send("subscribed");
                while (socket.receive() instanceof WebSocket.Text) {
                    // Nothing is expected of it.
                }
            }
        });
    }

    private static void send(WebSocket socket, Subscription place) {
        try {
            for (Optional<Event> next = place.take(); next.isPresent(); next = place.take()) {
                socket.send(next.get().data().orElseThrow());
            }
            socket.close(WebSocket.POLICY_VIOLATION, "too slow");
        } catch (IOException | InterruptedException e) {
            // Its client has gone: who receives hears of that, too.
        }
    }

    /// @param arguments the URI of Redis, and the file that gets the port
    public static void main(String[] arguments) throws Exception {
        SharingServer site = new SharingServer(Redis.open(arguments[0]));
        try (Server server = Server.builder(site::answer)
                .options(ServerOptions.builder()
                        .loops(1)
                        .accessLog(false)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start()) {
            InetSocketAddress address =
                    (InetSocketAddress) server.addresses().getFirst().socketAddress();
            Files.writeString(Path.of(arguments[1]), address.getPort() + "\n");
            // Until it is killed.
            Thread.currentThread().join();
        }
    }
}
