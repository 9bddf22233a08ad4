package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The article's whole program: `/` answers after a second without holding anybody up, `/user` at once.
///
/// Whether a method returns a response or a stage of one makes no difference here: [Action#call] waits for a stage,
/// and throws the very exception that it failed with.
public final class ArticleApplication implements Application {
    /// `/`
    static final class IndexResource {
        CompletionStage<Response> get(Request request) {
            return Loop.current().createTask(() -> {
                Loop.sleep(Duration.ofSeconds(1));
                return new Response("Hello world!");
            });
        }
    }

    /// `/user`
    static final class UserResource {
        Response get(Request request) {
            return new Response("Hello %s!".formatted(request.args().get("name", "World!")));
        }
    }

    private static final UrlMap<Class<?>> URL_MAP = UrlMap.of(
            Rule.of("/", IndexResource.class), //
            Rule.of("/user", UserResource.class));

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
