import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;

/// What an operator gives to `--app` in tables k and l: the answer of `bench/python/hello.py`.
public final class Hello implements Application {
    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("Hello world!");
    }
}
