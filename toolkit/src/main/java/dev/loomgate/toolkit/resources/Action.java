package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.routing.PathArguments;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What answers one HTTP method of a [Resource].
public final class Action {
    private static final MethodType SHAPE = MethodType.methodType(Object.class, Request.class, PathArguments.class);

    private final Returned returned;
    private final List<Argument> arguments;
    private final MethodHandle handle;
    private final String name;

    private Action(String name, Returned returned, List<Argument> arguments, MethodHandle handle) {
        this.name = name;
        this.returned = returned;
        this.arguments = arguments;
        this.handle = handle;
    }

    /// @param method the method, for its types and names
    /// @param handle calls it: (instance, parameters...)
    /// @param instances makes an instance
    static Action of(Method method, MethodHandle handle, MethodHandle instances) {
        String name = method.getDeclaringClass().getName() + "." + method.getName();
        Returned returned = Returned.by(method, name);
        List<Argument> arguments = Argument.of(method, name);
        MethodHandle call = MethodHandles.collectArguments(handle, 0, instances);
        int[] order = new int[2 * arguments.size()];
        for (int i = arguments.size() - 1; i >= 0; i--) {
            call = MethodHandles.collectArguments(call, i, arguments.get(i).handle());
            order[2 * i + 1] = 1;
        }
        MethodType sources = SHAPE.changeReturnType(call.type().returnType());
        call = MethodHandles.permuteArguments(call, sources, order);
        return new Action(name, returned, arguments, call.asType(SHAPE));
    }

    /// Answers a request to a rule without variables.
    ///
    /// @throws Exception as [#call(Request, PathArguments)]
    public Application call(Request request) throws Exception {
        return call(request, PathArguments.NONE);
    }

    /// Makes an instance, calls its method and returns what answers the request. If the method returned a stage,
    /// waits for it: the calling thread parks until it is complete.
    ///
    /// @throws Exception whatever the method threw or its stage failed with: the same object, unwrapped
    public Application call(Request request, PathArguments arguments) throws Exception {
        Object value;
        try {
            value = (@Nullable Object) handle.invokeExact(request, arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name + " threw a Throwable that is no Exception", e);
        }
        return returned.answer(value);
    }

    void check(Object rule, Map<String, Class<?>> variables) {
        arguments.forEach(argument -> argument.check(name, rule, variables));
    }

    /// Class and method.
    @Override
    public String toString() {
        return name;
    }
}
