package dev.loomgate.examples.cluster;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import java.time.Duration;

/// Answers after 20 ms, as if it had asked a database: under load there is always a request inside, which a sudden end
/// loses.
public final class Node implements Application {
    private static final Duration WORK = Duration.ofMillis(20);

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws InterruptedException {
        Loop.sleep(WORK);
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("done\n");
    }
}
