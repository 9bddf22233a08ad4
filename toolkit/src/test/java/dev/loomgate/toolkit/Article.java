package dev.loomgate.toolkit;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// The article's final program, line by line.
final class Article {
    static class IndexResource {
        CompletionStage<Response> get(Request request) {
            var inASecond = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
            return CompletableFuture.supplyAsync(() -> new Response("Hello world!"), inASecond);
        }
    }

    static class UserResource {
        Response get(Request request) {
            return new Response("Hello %s!".formatted(request.args().get("name", "World!")));
        }
    }

    static final UrlMap<Class<?>> urlMap = UrlMap.of(
            Rule.of("/", IndexResource.class), //
            Rule.of("/user", UserResource.class));

    static Body application(Environ environ, StartResponse startResponse) throws Exception {
        Match<Class<?>> match;
        try {
            match = urlMap.bindToEnviron(environ).match();
        } catch (HttpException e) {
            return e.call(environ, startResponse);
        }
        var request = new Request(environ);
        var method = Resource.of(match.endpoint()).action(request.method());
        if (method.isEmpty()) {
            return new NotFound("not implemented").call(environ, startResponse);
        }
        return method.get().call(request).call(environ, startResponse);
    }
}
