package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import java.time.Duration;

/// The article's greenlet example: each request waits two seconds, and the loop serves the others meanwhile.
public final class TwoSeconds implements Application {
    private static void twoSecondsElapsed(Microthread me) {
        System.out.println("Hello 2 seconds elapsed");
        // back to the application
        me.resume();
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws InterruptedException {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/html"));
        Microthread myself = Microthread.current();
        Loop.current().callLater(Duration.ofSeconds(2), () -> twoSecondsElapsed(myself));
        // back to the event loop
        Microthread.suspend();
        return Body.text("Hello World");
    }
}
