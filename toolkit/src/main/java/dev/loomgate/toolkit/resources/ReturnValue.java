package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a resource's method returns, and how that becomes a response.
///
/// @param method class and method, for errors
/// @param nothing whether it returns nothing, or a stage of nothing
record ReturnValue(String method, boolean nothing) {
    private static final String CHOICE =
            "Response, String, byte[], a record, Map, Iterable, Result, Optional, void or a CompletionStage of these";

    static ReturnValue by(Method method, String name) {
        Class<?> type = method.getReturnType();
        if (type != void.class && !returnable(type)) {
            throw new ResourceError(
                    "%s returns %s, which is no response: %s are".formatted(name, type.getSimpleName(), CHOICE));
        }
        boolean stageOfNothing = method.getGenericReturnType() instanceof ParameterizedType generic
                && CompletionStage.class.isAssignableFrom(type)
                && generic.getActualTypeArguments()[0] == Void.class;
        return new ReturnValue(name, type == void.class || stageOfNothing);
    }

    // What an interface or Object stands for is seen when it is returned.
    private static boolean returnable(Class<?> type) {
        return type == Object.class
                || type == String.class
                || type == byte[].class
                || type == Optional.class
                || type.isInterface()
                || type.isRecord()
                || Application.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || Iterable.class.isAssignableFrom(type);
    }

    Application answer(@Nullable Object value) throws Exception {
        return switch (value) {
            case null -> ofNothing();
            case Application application -> application;
            case String text -> new Response(text);
            case CompletionStage<?> stage -> answer(Stages.await(stage));
            case byte[] bytes -> Response.bytes(bytes, "application/octet-stream");
            case Optional<?> optional -> optional.isPresent() ? answer(optional.get()) : new NotFound();
            case Result<?> result -> answer(result);
            case Record json -> Response.json(json);
            case Map<?, ?> json -> Response.json(json);
            case Iterable<?> json -> Response.json(json);
            default ->
                throw new IllegalStateException("%s returned a %s, which is no response: %s are"
                        .formatted(method, value.getClass().getName(), CHOICE));
        };
    }

    private Application answer(Result<?> result) throws Exception {
        Application plain = result.body() == null ? new Response("") : answer(result.body());
        if (!(plain instanceof Response response)) {
            throw new IllegalStateException(
                    method + " returned a Result of a " + plain.getClass().getName() + ", which has its own status");
        }
        // Of headers that may be there more than once, all are kept; of the others, those of the result.
        result.headers().forEach((name, value) -> response.headers().remove(name));
        result.headers().forEach((name, value) -> response.addHeader(name, value));
        if (result.body() == null) {
            response.headers().remove("Content-Type");
        }
        return response.status(result.status());
    }

    private Application ofNothing() {
        if (!nothing) {
            throw new IllegalStateException(method + " returned null: return Optional.empty() for a 404");
        }
        return Response.empty();
    }
}
