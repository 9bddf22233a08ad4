package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;

/// Hello by name, with the toolkit: a response is an application.
public final class HelloRequest implements Application {
    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        Request request = new Request(environ);
        Response response = new Response("Hello %s!".formatted(request.args().get("name", "World!")));
        return response.call(environ, startResponse);
    }
}
