package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;

/// Hello world: what Python's `yield` does, a stream's writer does.
public final class HelloByYield implements Application {
    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.stream(writer -> writer.write("Hello world!\n"));
    }
}
