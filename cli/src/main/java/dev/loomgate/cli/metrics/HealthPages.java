package dev.loomgate.cli.metrics;

import dev.loomgate.cli.live.Health;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.loop.Loop;
import dev.loomgate.toolkit.Response;
import java.util.Optional;

/// Answers `/-/live` and `/-/ready`: 200 with `ok`, or 503 with one line that says why not.
public final class HealthPages {
    /// Whether the server is alive.
    static final String LIVE = "/-/live";

    /// Whether it is ready for requests.
    static final String READY = "/-/ready";

    private static final int UNAVAILABLE = 503;

    private final Health health;

    public HealthPages(Health health) {
        this.health = health;
    }

    /// The application with these pages before it. Its processes go on taking connections themselves.
    public Application before(Application application) {
        Application outer = answering(application);
        return application instanceof DirectApplication direct
                ? new DirectHealthPages(direct, outer)
                : Lifecycle.passOn(application, outer);
    }

    private Application answering(Application application) {
        return (environ, startResponse) -> {
            String path = environ.path();
            if (path.startsWith("/-/") && environ.scriptName().isEmpty() && isRead(environ.method())) {
                if (path.equals(LIVE)) {
                    return live().call(environ, startResponse);
                }
                if (path.equals(READY)) {
                    return ready().call(environ, startResponse);
                }
            }
            return application.call(environ, startResponse);
        };
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    Response live() throws InterruptedException {
        return response(health.whyNotLive());
    }

    // Files are read for it: not on a loop.
    Response ready() throws Exception {
        return response(Loop.offload(health::whyNotReady));
    }

    private static Response response(Optional<String> whyNot) {
        Response answer =
                whyNot.map(why -> new Response(why + "\n", UNAVAILABLE)).orElseGet(() -> new Response("ok\n"));
        return answer.header("Cache-Control", "no-store");
    }
}
