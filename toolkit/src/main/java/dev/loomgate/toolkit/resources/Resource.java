package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.WebSocket;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A class whose methods named `get`, `head`, `post`, `put`, `patch`, `delete`, `options` and `trace` answer these
/// HTTP methods. Each request has an instance of its own.
///
/// ```java
/// class UserResource {
///     Response get(Request request) { ... }
///     CompletionStage<Response> put(Request request, long id) { ... }      // id from /user/<int:id>
/// }
/// ```
///
/// Class and methods need not be public; private methods are left alone. One that isn't private and looks like one of
/// these by mistake, such as `pst`, `Get` or a static `post`, is refused. A method takes any of these, in any order:
///
/// | parameter | is |
/// |---|---|
/// | [dev.loomgate.toolkit.Request] | the request |
/// | a record | a record of the path's variables, by its components' names |
/// | a record with none of them | the body, from JSON or a form: for `post`, `put`, `patch` and `delete` |
/// | a record with none of them, of values that texts can be | the query, for `get` |
/// | a record that is marked as [FromHeaders] | header fields, for any method |
/// | anything else | the path's variable of the parameter's name (compile with `-parameters`) |
///
/// and returns one of these:
///
/// | value | response |
/// |---|---|
/// | [dev.loomgate.toolkit.Response], any Application | itself |
/// | String | text/plain |
/// | `byte[]` | application/octet-stream |
/// | a record, Map, List or other Iterable | JSON |
/// | [Result] | its value, with another status and headers |
/// | Optional | its value, or 404 |
/// | void | 204 |
/// | CompletionStage of any of these | awaited: the microthread waits, the loop goes on |
///
/// A record from the body has all its components, except those that are Optional or `@Nullable`, and so have
/// records within it: its constructor may rely on them. If that throws an IllegalArgumentException, the client
/// sees its message, with 422; anything else that it throws is the application's fault. It is the same for one from the
/// query or from header fields, with 400.
///
/// A method `websocket` talks with the client of a WebSocket, whose handshake is accepted for it:
/// `void websocket(WebSocket socket, ...)`, with further arguments as above. Its rule is one for WebSockets
/// ([dev.loomgate.toolkit.routing.Rule#asWebsocket]).
///
/// A method `before` is called first, with arguments as above. What it returns is the answer; if that is nothing,
/// which is null, an empty Optional, a stage of these, or void, the request goes on. A method `after` is called
/// with the Request and the Response, which it may change: also with that of an HttpException; and where something
/// else was thrown with the container's page, of which it can change the headers.
///
/// It may throw anything: an HttpException is its own response, also when a stage fails with it.
public final class Resource {
    private static final Set<String> METHODS =
            Set.of("get", "head", "post", "put", "patch", "delete", "options", "trace");

    private static final Set<String> HOOKS = Set.of("before", "after");

    private static final String WEB_SOCKET = "websocket";

    private static final Misnamed MISNAMED = new Misnamed(METHODS, Set.of("before", "after", WEB_SOCKET));

    private static final ClassValue<Resource> KNOWN = new ClassValue<>() {
        @Override
        protected Resource computeValue(Class<?> type) {
            return new Resource(type, constructor(type));
        }
    };

    private final Class<?> type;
    private final @Nullable String function;
    private final @Nullable Object instance;
    private final Map<String, Action> actions = new TreeMap<>();
    private final @Nullable SocketAction webSocket;

    private Resource(Class<?> type, MethodHandle instances) {
        this(type, instances, null);
    }

    private Resource(Class<?> type, MethodHandle instances, @Nullable Object instance) {
        this.type = type;
        this.instance = instance;
        function = null;
        MISNAMED.refuse(type);
        Map<String, Method> methods = methods(type);
        Map<String, MethodHandle> handles = new LinkedHashMap<>();
        methods.forEach((name, method) -> handles.put(name, handle(type, method)));
        BeforeAndAfter hooks = new BeforeAndAfter(type, methods, handles);
        methods.forEach((name, method) -> {
            if (METHODS.contains(name)) {
                actions.put(
                        name.toUpperCase(Locale.ROOT),
                        Action.of(method, Objects.requireNonNull(handles.get(name)), instances, hooks));
            }
        });
        Method talking = methods.get(WEB_SOCKET);
        webSocket = talking == null
                ? null
                : SocketAction.of(talking, Objects.requireNonNull(handles.get(WEB_SOCKET)), instances, hooks);
        if (actions.isEmpty() && webSocket == null) {
            throw new ResourceError("resource %s has no method that answers a request: none is named %s"
                    .formatted(
                            type.getName(),
                            String.join(", ", METHODS.stream().sorted().toList())));
        }
        MISNAMED.warn(type, actions.keySet());
    }

    private Resource(Class<?> type, String method, Action action) {
        this.type = type;
        instance = null;
        function = action.toString();
        actions.put(method, action);
        webSocket = null;
    }

    /// The resource of this class, whose constructor without parameters makes the instances. Checked at the first
    /// call, then known.
    ///
    /// @throws ResourceError if the class can't answer requests as it is written
    public static Resource of(Class<?> type) {
        return KNOWN.get(type);
    }

    /// The resource of this class, with instances from elsewhere: with their database, for instance.
    ///
    /// @throws ResourceError if the class can't answer requests as it is written
    public static <T> Resource of(Class<T> type, Supplier<? extends T> instances) {
        try {
            MethodHandle get = MethodHandles.lookup()
                    .findVirtual(Supplier.class, "get", MethodType.methodType(Object.class))
                    .bindTo(instances);
            return new Resource(type, get.asType(MethodType.methodType(type)));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Supplier.get", e);
        }
    }

    /// The resource of an object's class, with that object for all requests: for several at once, on several
    /// threads.
    ///
    /// @throws ResourceError if the class can't answer requests as it is written
    public static Resource ofInstance(Object instance) {
        return new Resource(instance.getClass(), MethodHandles.constant(instance.getClass(), instance), instance);
    }

    /// A function in place of a class: it answers one HTTP method.
    ///
    /// @param method in upper case
    /// @param answer calls it: (function, Request, a value of each type)
    /// @param variables of the path, in order
    /// @param name method and rule, for errors
    static Resource ofFunction(
            String method,
            Object function,
            MethodHandle answer,
            List<Class<?>> types,
            List<String> variables,
            String name) {
        List<Argument> arguments = Argument.of(types, method.toLowerCase(Locale.ROOT), variables, name);
        return new Resource(function.getClass(), method, Action.of(name, function, answer, types, arguments));
    }

    /// Whether it is a function, so that other methods of its path are other functions' business.
    boolean isFunction() {
        return function != null;
    }

    /// The object that answers all requests; or itself, if there is no such object.
    Object lasting() {
        return instance == null ? this : instance;
    }

    /// The class; of a function its own.
    public Class<?> type() {
        return type;
    }

    /// What answers this HTTP method: `getattr(endpoint(), method.lower(), None)` in Python.
    public Optional<Action> action(String method) {
        return Optional.ofNullable(actions.get(method));
    }

    /// What talks with the client of a WebSocket, if the class has a method for that.
    Optional<SocketAction> webSocket() {
        return Optional.ofNullable(webSocket);
    }

    /// The HTTP methods that the class has methods for, sorted.
    public Set<String> methods() {
        return Set.copyOf(actions.keySet());
    }

    /// Checks that each action gets its arguments from a rule.
    ///
    /// @param rule to be named in errors
    /// @param variables the rule's variables and their types
    /// @param allowed the HTTP methods that the rule lets through, or empty for all
    void check(Object rule, Map<String, Class<?>> variables, Optional<Set<String>> allowed) {
        actions.forEach((method, action) -> {
            if (allowed.isEmpty() || allowed.get().contains(method)) {
                action.check(rule, variables);
            }
        });
        if (webSocket != null) {
            webSocket.check(rule, variables);
        }
    }

    private static Map<String, Method> methods(Class<?> type) {
        Map<String, Method> found = new LinkedHashMap<>();
        List<Method> candidates = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            candidates.addAll(List.of(c.getDeclaredMethods()));
        }
        candidates.addAll(List.of(type.getMethods()));
        for (Method method : candidates) {
            boolean answers =
                    (METHODS.contains(method.getName()) || HOOKS.contains(method.getName()) || isWebSocket(method))
                            && !method.isSynthetic()
                            && (method.getModifiers() & (Modifier.STATIC | Modifier.PRIVATE)) == 0;
            Method other = answers ? found.putIfAbsent(method.getName(), method) : null;
            if (other != null && !List.of(other.getParameterTypes()).equals(List.of(method.getParameterTypes()))) {
                throw new ResourceError("resource %s has two methods %s: make one of them private or rename it"
                        .formatted(type.getName(), method.getName()));
            }
        }
        return found;
    }

    // A method of that name that takes no socket is the application's own.
    private static boolean isWebSocket(Method method) {
        return method.getName().equals(WEB_SOCKET)
                && List.of(method.getParameterTypes()).contains(WebSocket.class);
    }

    private static MethodHandle constructor(Class<?> type) {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new ResourceError("resource %s is abstract: it can't be instantiated".formatted(type.getName()));
        }
        try {
            return lookup(type).unreflectConstructor(type.getDeclaredConstructor());
        } catch (NoSuchMethodException e) {
            boolean inner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            throw new ResourceError(
                    "resource %s has no constructor without parameters: %s"
                            .formatted(
                                    type.getName(),
                                    inner
                                            ? "it is an inner class, so make it static"
                                            : "add one, or use Resource.of(type, supplier)"),
                    e);
        } catch (IllegalAccessException e) {
            throw inaccessible(type, e);
        }
    }

    private static MethodHandle handle(Class<?> type, Method method) {
        try {
            MethodHandle handle = lookup(method.getDeclaringClass()).unreflect(method);
            return handle.asType(handle.type().changeParameterType(0, type));
        } catch (IllegalAccessException e) {
            throw inaccessible(type, e);
        }
    }

    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        Resource.class.getModule().addReads(type.getModule());
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    private static ResourceError inaccessible(Class<?> type, IllegalAccessException e) {
        return new ResourceError(
                "resource %s is not accessible: its module %s must open %s to dev.loomgate.toolkit"
                        .formatted(type.getName(), type.getModule().getName(), type.getPackageName()),
                e);
    }

    @Override
    public String toString() {
        return function == null ? type.getName() : "the function of " + function;
    }
}
