package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.EventStream;
import dev.loomgate.toolkit.events.Subscription;
import dev.loomgate.toolkit.events.Topic;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Shows the developer each version of an application that is replaced while it is served: the browser loads its page
/// again when there is another version, and has a page that says why there is none, with the compiler's messages and
/// the lines of source; others get that as text or as `application/problem+json`.
///
/// ```java
/// LiveReload live = LiveReload.of();
/// Application site = live.wrap(application);
/// ...
/// live.replaced("shop");
/// ```
///
/// For development only, and for this machine only, as [DebugPages] tell it. Pages in HTML (not parts of them, and not
/// what is compressed already) get a short script at their end, and aren't kept by the browser. It listens for
/// server-sent events at [#PATH]; a Content-Security-Policy that the page has gets a nonce for it. A policy in the page
/// itself, as a `meta` element, isn't changed, and forbids the script if it is strict.
///
/// Each page that is open has a connection: browsers open six to a server over HTTP/1.1.
public final class LiveReload implements Middleware {
    /// Where pages listen.
    public static final String PATH = "/.loomgate/reload";

    private static final int MAX_PAGES = 100;

    private final Topic topic = Topic.builder().maxSubscribers(MAX_PAGES).build();

    // Tells versions of this server from those of one that was started before.
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final AtomicLong number = new AtomicLong();
    private final Map<String, FailedVersion> failed = new ConcurrentSkipListMap<>();

    private LiveReload() {}

    /// One that knows of no version yet.
    public static LiveReload of() {
        return new LiveReload();
    }

    /// The application has another version, which answers from now on. Any thread.
    ///
    /// @param application what it is called
    public void replaced(String application) {
        failed.remove(application);
        tell();
    }

    /// The application's next version can't be made or started; until it is replaced, requests of this machine get a
    /// page that says so. Any thread.
    ///
    /// @param application what it is called
    /// @param message what is wrong: one line, or the compiler's lines after one
    /// @param thrown by the application's own code, or null
    public void failed(String application, String message, @Nullable Throwable thrown) {
        failed.put(application, new FailedVersion(application, message, thrown));
        tell();
    }

    private void tell() {
        number.incrementAndGet();
        topic.publish(Event.of(version()));
    }

    private String version() {
        return run + "-" + number.get();
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            if (!Loopback.asks(environ)) {
                return inner.call(environ, startResponse);
            }
            if (environ.path().equals(PATH)) {
                return events(environ, startResponse);
            }
            if (!environ.text("HTTP_ACCEPT", "").contains("text/html")) {
                return answer(inner, environ, startResponse);
            }
            // A page that was compressed could not be added to.
            environ.put("HTTP_ACCEPT_ENCODING", "identity");
            RefreshedStart start = new RefreshedStart(startResponse, RefreshScript.of(version()));
            Body body;
            try {
                body = answer(inner, environ, start);
            } catch (Exception | Error e) {
                start.letPass();
                throw e;
            }
            return start.withScript(body, environ.method().equals("HEAD"));
        });
    }

    private Body answer(Application inner, Environ environ, StartResponse startResponse) throws Exception {
        Optional<FailedVersion> failure = failed.values().stream().findFirst();
        return failure.isPresent() ? page(failure.get(), environ, startResponse) : inner.call(environ, startResponse);
    }

    private static Body page(FailedVersion failure, Environ environ, StartResponse start) {
        DevelopersAnswer answer = failure.answer(environ);
        start.start(Status.INTERNAL_SERVER_ERROR, answer.headers());
        return Body.bytes(answer.content());
    }

    private Body events(Environ environ, StartResponse startResponse) {
        Subscription versions = topic.subscribe();
        startResponse.start(
                Status.OK, Headers.of("Content-Type", "text/event-stream; charset=utf-8", "Cache-Control", "no-store"));
        return EventStream.body(environ, EventStream.HEARTBEAT, events -> {
                    events.send(version());
                    for (Optional<Event> next = versions.take(); next.isPresent(); next = versions.take()) {
                        events.send(next.get());
                    }
                })
                .onClose(versions::close);
    }
}
