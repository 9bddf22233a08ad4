package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.Action;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.routing.MapAdapter;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.Optional;

/// URLs that lead to resources, step by step as the article does it. `WebApplication` does the same in one call.
public final class UrlMapApplication implements Application {
    private static final UrlMap<Class<?>> URL_MAP = UrlMap.of(
            Rule.of("/", IndexResource.class), //
            Rule.of("/user", UserResource.class));

    /// `/`
    static final class IndexResource {
        Response get(Request request) {
            return new Response("Hello world!");
        }
    }

    /// `/user`
    static final class UserResource {
        Response get(Request request) {
            return new Response("Hello %s!".formatted(request.args().get("name", "World!")));
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        MapAdapter<Class<?>> urls = URL_MAP.bindToEnviron(environ);
        Match<Class<?>> match;
        try {
            match = urls.match();
        } catch (HttpException e) {
            return e.call(environ, startResponse);
        }
        Request request = new Request(environ);
        Optional<Action> method = Resource.of(match.endpoint()).action(request.method());
        if (method.isEmpty()) {
            return new NotFound("not implemented").call(environ, startResponse);
        }

        Application resp = method.get().call(request);
        return resp.call(environ, startResponse);
    }
}
