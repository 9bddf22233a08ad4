import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;

/// The Java program of the rehearsal, which ./loomgate runs once after a build: each kind of body.
public final class Rehearsal implements Application {
    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        startResponse.start(Status.OK, Headers.of("Content-Type", "application/octet-stream"));
        return switch (environ.path()) {
            case "/stream" ->
                Body.stream(writer -> {
                    for (int line = 0; line < 10; line++) {
                        writer.write("line\n");
                    }
                });
            case "/body" -> Body.bytes(environ.input().readAllBytes());
            default -> Body.text("Hello world!\n");
        };
    }
}
