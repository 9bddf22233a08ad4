package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.routing.PathArguments;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.converters.Converter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What answers one HTTP method of a [Resource]: a method of its class, or a function.
public final class Action {
    static final MethodType SHAPE =
            MethodType.methodType(Object.class, Object.class, Request.class, PathArguments.class);

    private final ReturnValue returnValue;
    private final List<Argument> arguments;
    private final MethodHandle handle;
    private final MethodHandle instances;
    private final BeforeAndAfter hooks;
    private final String name;
    private final Type returnType;
    private final AnnotatedElement declaration;

    private Action(
            String name,
            Type returnType,
            AnnotatedElement declaration,
            ReturnValue returnValue,
            List<Argument> arguments,
            MethodHandle handle,
            MethodHandle instances,
            BeforeAndAfter hooks) {
        this.name = name;
        this.returnType = returnType;
        this.declaration = declaration;
        this.returnValue = returnValue;
        this.arguments = arguments;
        this.handle = handle;
        this.instances = instances.asType(MethodType.methodType(Object.class));
        this.hooks = hooks;
    }

    /// @param method the method, for its types and names
    /// @param handle calls it: (instance, parameters...)
    /// @param instances makes an instance
    /// @param hooks what is called before and after it
    static Action of(Method method, MethodHandle handle, MethodHandle instances, BeforeAndAfter hooks) {
        String name = method.getDeclaringClass().getName() + "." + method.getName();
        ReturnValue returnValue = ReturnValue.by(method, name);
        List<Argument> arguments = Argument.of(method, name);
        return new Action(
                name,
                method.getGenericReturnType(),
                method,
                returnValue,
                arguments,
                bound(handle, arguments),
                instances,
                hooks);
    }

    /// @param name method and rule, for errors
    /// @param answer calls the function: (function, Request, a value of each type)
    static Action of(
            String name, Object function, MethodHandle answer, List<Class<?>> types, List<Argument> arguments) {
        Class<?> shape = answer.type().parameterType(0);
        MethodHandle typed =
                answer.asType(MethodType.methodType(Object.class, types).insertParameterTypes(0, shape, Request.class));
        return new Action(
                name,
                Object.class,
                function.getClass(),
                new ReturnValue(name, false),
                arguments,
                bound(typed, arguments),
                MethodHandles.constant(shape, shape.cast(function)),
                BeforeAndAfter.NONE);
    }

    /// (instance, Request, PathArguments) to what the method returns.
    static MethodHandle bound(MethodHandle handle, List<Argument> arguments) {
        MethodHandle call = handle;
        int[] order = new int[1 + 2 * arguments.size()];
        for (int i = arguments.size() - 1; i >= 0; i--) {
            call = MethodHandles.collectArguments(call, i + 1, arguments.get(i).handle());
            order[2 * i + 1] = 1;
            order[2 * i + 2] = 2;
        }
        MethodType sources = SHAPE.changeReturnType(call.type().returnType())
                .changeParameterType(0, call.type().parameterType(0));
        return MethodHandles.permuteArguments(call, sources, order).asType(SHAPE);
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
        try {
            Object instance = instances.invokeExact();
            return hooks.after(instance, request, answer(instance, request, arguments));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// The same, where `after` sees each response: an HttpException's, that of a handler of errors, and the page of a
    /// failure, which the container starts by what this tells it of.
    Application call(Request request, PathArguments arguments, StartResponse startResponse, ErrorHandlers errors)
            throws Exception {
        if (!hooks.hasAfter()) {
            return call(request, arguments);
        }
        try {
            Object instance = instances.invokeExact();
            AfterFailure view = new AfterFailure(startResponse, hooks, instance, request);
            startResponse.viewedBy(view);
            Application answer;
            try {
                answer = errors.answer(request, answer(instance, request, arguments));
            } catch (Exception e) {
                answer = errors.thrown(request, e);
            }
            return view.after(answer);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    private Application answer(Object instance, Request request, PathArguments arguments) throws Throwable {
        Application early = hooks.before(instance, request, arguments);
        return early != null
                ? early
                : returnValue.answer((@Nullable Object) handle.invokeExact(instance, request, arguments));
    }

    private Exception thrown(Throwable e) {
        return switch (e) {
            case Exception exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(name + " threw a Throwable that is no Exception", e);
        };
    }

    void check(Object rule, Map<String, Class<?>> variables) {
        hooks.check(rule, variables);
        arguments.forEach(argument -> argument.check(name, rule, variables));
        if (arguments.stream().filter(argument -> argument.isBody(variables)).count() > 1) {
            throw new ResourceError(
                    "%s takes two records that are none of the variables of rule %s: a request has one body"
                            .formatted(name, rule));
        }
    }

    /// What it is at a rule.
    ///
    /// @param method in upper case
    /// @param converters those of the path's variables
    /// @param variables all variables of the rule, and their types
    Operation operation(
            Rule<?> rule, String method, Map<String, Converter<?>> converters, Map<String, Class<?>> variables) {
        List<Operation.Input> inputs = arguments.stream()
                .flatMap(argument -> argument.input(variables).stream())
                .toList();
        return new Operation(rule, method, converters, inputs, returnType, declaration);
    }

    /// Class and method; of a function HTTP's method and the rule.
    @Override
    public String toString() {
        return name;
    }
}
