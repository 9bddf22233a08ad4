package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.routing.PathArguments;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

/// The method `websocket` of a [Resource]: what talks with a client.
final class SocketAction {
    /// Where the method's parameter finds the socket, in the environ of its request.
    static final String SOCKET = "loomgate.open_websocket";

    private final String name;
    private final List<Argument> arguments;
    private final MethodHandle handle;
    private final MethodHandle instances;
    private final BeforeAndAfter hooks;

    private SocketAction(
            String name, List<Argument> arguments, MethodHandle handle, MethodHandle instances, BeforeAndAfter hooks) {
        this.name = name;
        this.arguments = arguments;
        this.handle = handle;
        this.instances = instances.asType(MethodType.methodType(Object.class));
        this.hooks = hooks;
    }

    /// As [Action#of].
    static SocketAction of(Method method, MethodHandle handle, MethodHandle instances, BeforeAndAfter hooks) {
        String name = method.getDeclaringClass().getName() + "." + method.getName();
        if (method.getReturnType() != void.class) {
            throw new ResourceError("%s returns a %s: nothing can follow a WebSocket's messages, so it must be void"
                    .formatted(name, method.getReturnType().getSimpleName()));
        }
        List<Argument> arguments = Argument.of(method, name);
        return new SocketAction(name, arguments, Action.bound(handle, arguments), instances, hooks);
    }

    /// What accepts, unless `before` answers.
    Application accept(Request request, PathArguments arguments, WebSocketHandshake handshake) throws Exception {
        try {
            Object instance = instances.invokeExact();
            Application early = hooks.before(instance, request, arguments);
            return early != null
                    ? early
                    : (environ, startResponse) ->
                            handshake.accept(startResponse, socket -> talk(instance, request, arguments, socket));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    private void talk(Object instance, Request request, PathArguments arguments, WebSocket socket) throws Exception {
        request.environ().put(SOCKET, socket);
        try {
            Object _ = handle.invokeExact(instance, request, arguments);
        } catch (Throwable e) {
            throw thrown(e);
        }
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
    }

    /// Class and method.
    @Override
    public String toString() {
        return name;
    }
}
