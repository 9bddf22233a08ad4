package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routing.PathArguments;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The methods `before` and `after` of a resource class, if it has them.
final class BeforeAndAfter {
    private static final MethodType AFTER =
            MethodType.methodType(void.class, Object.class, Request.class, Response.class);

    /// Of a function, which has none.
    static final BeforeAndAfter NONE = new BeforeAndAfter(Object.class, Map.of(), Map.of());

    private final String name;
    private final List<Argument> arguments;
    private final @Nullable MethodHandle before;
    private final @Nullable ReturnValue returnValue;
    private final @Nullable MethodHandle after;

    /// @param handles of the two methods: (instance, parameters...)
    BeforeAndAfter(Class<?> type, Map<String, Method> methods, Map<String, MethodHandle> handles) {
        name = type.getName() + ".before";
        Method first = methods.get("before");
        MethodHandle handle = handles.get("before");
        arguments = first == null ? new ArrayList<>() : Argument.of(first, name);
        before = handle == null ? null : Action.bound(handle, arguments);
        returnValue = first == null ? null : ReturnValue.by(first, name);
        Method last = methods.get("after");
        MethodHandle end = handles.get("after");
        after = last == null || end == null ? null : after(last, end, type.getName() + ".after");
    }

    private static MethodHandle after(Method method, MethodHandle handle, String name) {
        Class<?>[] types = method.getParameterTypes();
        int[] order = new int[1 + types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] != Request.class && types[i] != Response.class) {
                throw new ResourceError("%s takes a %s, but can only have the Request and the Response"
                        .formatted(name, types[i].getSimpleName()));
            }
            order[i + 1] = types[i] == Request.class ? 1 : 2;
        }
        MethodType sources = AFTER.changeReturnType(handle.type().returnType())
                .changeParameterType(0, handle.type().parameterType(0));
        return MethodHandles.permuteArguments(handle, sources, order).asType(AFTER);
    }

    /// What answers in place of the method; or null, if `before` returned nothing: null, an empty Optional, or a
    /// stage of one of these.
    @Nullable
    Application before(Object instance, Request request, PathArguments path) throws Throwable {
        if (before == null || returnValue == null) {
            return null;
        }
        Object value = (@Nullable Object) before.invokeExact(instance, request, path);
        while (value instanceof Optional<?> || value instanceof CompletionStage<?>) {
            value = value instanceof CompletionStage<?> stage
                    ? Stages.await(stage)
                    : ((Optional<?>) value).orElse(null);
        }
        return value == null ? null : returnValue.answer(value);
    }

    boolean hasAfter() {
        return after != null;
    }

    /// Calls `after`, if there is one; returns what answers then.
    Application after(Object instance, Request request, Application answer) throws Throwable {
        if (after == null) {
            return answer;
        }
        Response response = answer instanceof Response already ? already : Response.of(answer, request.environ());
        after.invokeExact(instance, request, response);
        return response;
    }

    void check(Object rule, Map<String, Class<?>> variables) {
        arguments.forEach(argument -> argument.check(name, rule, variables));
    }
}
