package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Outcome;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The page of a form that was refused: what GET answers at the URL that the form was sent to.
///
/// @param urlMap of the application
/// @param guard of all its rules
record FormPage(UrlMap<?> urlMap, Guard guard) {
    private static final int REFUSED = 422;

    /// That page in place of an error, with 422 where GET has 200; or the error itself, if it isn't 422
    /// with what is wrong in the input, the client sent no form or would rather have JSON, or no method or
    /// function answers GET there.
    ///
    /// @throws Exception as GET's method, and as the guards before it
    Application answer(Request request, HttpException error) throws Exception {
        boolean isRefusedForm = error.code() == REFUSED
                && !error.errors().isEmpty()
                && request.isForm()
                && request.errors().isEmpty()
                && HttpException.isAnsweredByPage(request.environ());
        Match<?> match = isRefusedForm ? get(request) : null;
        Action action = match == null ? null : action(match.endpoint()).orElse(null);
        if (match == null || action == null) {
            return error;
        }
        request.refused(error.errors());
        Callable<Application> page = () -> page(request, match, action);
        return match.rule().isBlocking() ? Offloaded.run(request.environ(), page) : page.call();
    }

    private @Nullable Match<?> get(Request request) {
        return urlMap.bindToEnviron(request.environ()).tryMatch(request.path(), "GET") instanceof Outcome.Found<?> found
                ? found.match()
                : null;
    }

    private static Optional<Action> action(Object endpoint) {
        return switch (endpoint) {
            case Class<?> type -> Resource.of(type).action("GET");
            case Resource resource -> resource.action("GET");
            default -> Optional.empty();
        };
    }

    private Application page(Request request, Match<?> match, Action action) throws Exception {
        Optional<? extends Application> instead =
                guard.then(match.rule().guard()).check(request, match.rule());
        Application answer = instead.isPresent() ? instead.get() : action.call(request, match.arguments());
        return answer instanceof Response response && response.status().code() == 200
                ? response.status(REFUSED)
                : answer;
    }
}
