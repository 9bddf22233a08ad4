package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.routing.Rule;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules whose endpoint is a function: what a lambda or a method reference answers. They stand among rules
/// of classes and applications, and have all that a [Rule] has.
///
/// ```java
/// WebApplication.of(
///         Route.get("/hello/<name>", (request, name) -> "Hello " + name),
///         Route.get("/user/<int:id>", long.class, (request, id) -> users.find(id)),
///         Route.put("/user/<int:id>", long.class, User.class, (request, id, user) -> put(id, user)),
///         Route.post("/photo", request -> store(request.files())).withLimits(large),
///         Rule.of("/task", TaskResource.class))
/// ```
///
/// A function takes the request. With types given it takes a value of each as well:
///
/// | type | value |
/// |---|---|
/// | a record of the path's variables, by its components' names | these |
/// | a record with none of them | for POST, PUT, PATCH and DELETE the body, for GET the query |
/// | a record that is marked as [FromHeaders] | header fields |
/// | another: `long.class`, `UUID.class` | the path's next variable: a type for each, or none |
///
/// Without types, a function of two arguments takes the path's one variable, which is a text.
///
/// [WebApplication] checks the types against rule and converters: a mistake stops the start. What a function
/// returns becomes the response as with the methods of a [Resource]; for 204 it returns
/// [dev.loomgate.toolkit.Response#empty]. One function is called by several threads at once.
///
/// Functions for several methods of a path are rules of their own. HEAD is answered by GET's, OPTIONS and 405
/// name the methods of all.
public final class Route {
    private static final MethodHandle OF_REQUEST = answer(OfRequest.class, Request.class);
    private static final MethodHandle OF_ONE = answer(OfOne.class, Request.class, Object.class);
    private static final MethodHandle OF_TWO = answer(OfTwo.class, Request.class, Object.class, Object.class);

    private Route() {}

    /// A function of a request.
    @FunctionalInterface
    public interface OfRequest {
        /// @return what a [Resource]'s method may return
        /// @throws Exception as a [Resource]'s method may
        Object answer(Request request) throws Exception;
    }

    /// A function of a request and a value from its path, body or query.
    ///
    /// @param <A> the value's type
    @FunctionalInterface
    public interface OfOne<A> {
        /// @return what a [Resource]'s method may return
        /// @throws Exception as a [Resource]'s method may
        Object answer(Request request, A value) throws Exception;
    }

    /// A function of a request and two values.
    ///
    /// @param <A> the first value's type
    /// @param <B> the second value's type
    @FunctionalInterface
    public interface OfTwo<A, B> {
        /// @return what a [Resource]'s method may return
        /// @throws Exception as a [Resource]'s method may
        Object answer(Request request, A first, B second) throws Exception;
    }

    /// GET is answered by a function of the request.
    ///
    /// @throws ResourceError if the pattern can't be read
    public static Rule<Resource> get(String pattern, OfRequest function) {
        return rule("GET", pattern, function, OF_REQUEST);
    }

    /// GET is answered by a function of the request and the path's one variable, a text.
    ///
    /// @throws ResourceError if the pattern can't be read, or has another number of variables
    public static Rule<Resource> get(String pattern, OfOne<String> function) {
        return rule("GET", pattern, function, OF_ONE, String.class);
    }

    /// GET is answered by a function of the request and a value of this type.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the type
    public static <A> Rule<Resource> get(String pattern, Class<A> type, OfOne<? super A> function) {
        return rule("GET", pattern, function, OF_ONE, type);
    }

    /// GET is answered by a function of the request and values of these types.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the types
    public static <A, B> Rule<Resource> get(
            String pattern, Class<A> first, Class<B> second, OfTwo<? super A, ? super B> function) {
        return rule("GET", pattern, function, OF_TWO, first, second);
    }

    /// POST is answered by a function of the request.
    ///
    /// @throws ResourceError if the pattern can't be read
    public static Rule<Resource> post(String pattern, OfRequest function) {
        return rule("POST", pattern, function, OF_REQUEST);
    }

    /// POST is answered by a function of the request and the path's one variable, a text.
    ///
    /// @throws ResourceError if the pattern can't be read, or has another number of variables
    public static Rule<Resource> post(String pattern, OfOne<String> function) {
        return rule("POST", pattern, function, OF_ONE, String.class);
    }

    /// POST is answered by a function of the request and a value of this type.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the type
    public static <A> Rule<Resource> post(String pattern, Class<A> type, OfOne<? super A> function) {
        return rule("POST", pattern, function, OF_ONE, type);
    }

    /// POST is answered by a function of the request and values of these types.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the types
    public static <A, B> Rule<Resource> post(
            String pattern, Class<A> first, Class<B> second, OfTwo<? super A, ? super B> function) {
        return rule("POST", pattern, function, OF_TWO, first, second);
    }

    /// PUT is answered by a function of the request.
    ///
    /// @throws ResourceError if the pattern can't be read
    public static Rule<Resource> put(String pattern, OfRequest function) {
        return rule("PUT", pattern, function, OF_REQUEST);
    }

    /// PUT is answered by a function of the request and the path's one variable, a text.
    ///
    /// @throws ResourceError if the pattern can't be read, or has another number of variables
    public static Rule<Resource> put(String pattern, OfOne<String> function) {
        return rule("PUT", pattern, function, OF_ONE, String.class);
    }

    /// PUT is answered by a function of the request and a value of this type.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the type
    public static <A> Rule<Resource> put(String pattern, Class<A> type, OfOne<? super A> function) {
        return rule("PUT", pattern, function, OF_ONE, type);
    }

    /// PUT is answered by a function of the request and values of these types.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the types
    public static <A, B> Rule<Resource> put(
            String pattern, Class<A> first, Class<B> second, OfTwo<? super A, ? super B> function) {
        return rule("PUT", pattern, function, OF_TWO, first, second);
    }

    /// PATCH is answered by a function of the request.
    ///
    /// @throws ResourceError if the pattern can't be read
    public static Rule<Resource> patch(String pattern, OfRequest function) {
        return rule("PATCH", pattern, function, OF_REQUEST);
    }

    /// PATCH is answered by a function of the request and the path's one variable, a text.
    ///
    /// @throws ResourceError if the pattern can't be read, or has another number of variables
    public static Rule<Resource> patch(String pattern, OfOne<String> function) {
        return rule("PATCH", pattern, function, OF_ONE, String.class);
    }

    /// PATCH is answered by a function of the request and a value of this type.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the type
    public static <A> Rule<Resource> patch(String pattern, Class<A> type, OfOne<? super A> function) {
        return rule("PATCH", pattern, function, OF_ONE, type);
    }

    /// PATCH is answered by a function of the request and values of these types.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the types
    public static <A, B> Rule<Resource> patch(
            String pattern, Class<A> first, Class<B> second, OfTwo<? super A, ? super B> function) {
        return rule("PATCH", pattern, function, OF_TWO, first, second);
    }

    /// DELETE is answered by a function of the request.
    ///
    /// @throws ResourceError if the pattern can't be read
    public static Rule<Resource> delete(String pattern, OfRequest function) {
        return rule("DELETE", pattern, function, OF_REQUEST);
    }

    /// DELETE is answered by a function of the request and the path's one variable, a text.
    ///
    /// @throws ResourceError if the pattern can't be read, or has another number of variables
    public static Rule<Resource> delete(String pattern, OfOne<String> function) {
        return rule("DELETE", pattern, function, OF_ONE, String.class);
    }

    /// DELETE is answered by a function of the request and a value of this type.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the type
    public static <A> Rule<Resource> delete(String pattern, Class<A> type, OfOne<? super A> function) {
        return rule("DELETE", pattern, function, OF_ONE, type);
    }

    /// DELETE is answered by a function of the request and values of these types.
    ///
    /// @throws ResourceError if the pattern can't be read, or its variables don't go with the types
    public static <A, B> Rule<Resource> delete(
            String pattern, Class<A> first, Class<B> second, OfTwo<? super A, ? super B> function) {
        return rule("DELETE", pattern, function, OF_TWO, first, second);
    }

    // What isn't checked by NullAway comes with a null all the same.
    private static Rule<Resource> rule(
            String method,
            @Nullable String pattern,
            @Nullable Object function,
            MethodHandle answer,
            @Nullable Class<?>... types) {
        String name = method + " " + pattern;
        if (pattern == null) {
            throw new ResourceError(method + ": its rule's pattern is null");
        }
        if (function == null) {
            throw new ResourceError(name + ": its function is null");
        }
        List<Class<?>> checked = new ArrayList<>();
        for (Class<?> type : types) {
            if (type == null) {
                throw new ResourceError(name + ": a type of its function's arguments is null");
            }
            checked.add(type);
        }
        List<String> variables;
        try {
            variables = Rule.of(pattern, name).variableNames();
        } catch (IllegalArgumentException e) {
            throw new ResourceError(name + ": " + e.getMessage(), e);
        }
        Resource resource = Resource.ofFunction(method, function, answer, List.copyOf(checked), variables, name);
        return Rule.of(pattern, resource).withMethods(method, "OPTIONS");
    }

    private static MethodHandle answer(Class<?> type, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findVirtual(type, "answer", MethodType.methodType(Object.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }
}
