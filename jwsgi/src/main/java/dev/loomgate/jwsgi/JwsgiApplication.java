package dev.loomgate.jwsgi;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.kind.Program;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program of uWSGI's Java interface, as an application: a method, static or not, that takes a `HashMap` and
/// returns an array of status, headers and body.
///
/// ```java
/// public class Shop {
///     public static Object[] application(HashMap<String, Object> environ) {
///         HashMap<String, Object> headers = new HashMap<>();
///         headers.put("Content-Type", "text/plain");
///         return new Object[] {200, headers, "Hello " + environ.get("PATH_INFO")};
///     }
/// }
/// ```
/// The map has all variables that are text, and `jwsgi.input`, a `uwsgi.RequestBody`. The method runs in the request's
/// microthread and may block. What it returns that is no response is an exception, and so a 500.
///
/// Embedding it takes a loader whose parent is a [UwsgiClassLoader]:
/// ```java
/// ClassLoader loader = new URLClassLoader(urls, new UwsgiClassLoader(getClass().getClassLoader()));
/// Application shop = JwsgiApplication.of(new Program("com.example.Shop:application", loader));
/// ```
public final class JwsgiApplication implements Application {
    private static final String METHOD = "application";
    private static final MethodType TYPE = MethodType.methodType(Object[].class, HashMap.class);

    private final MethodHandle program;
    private final MethodHandle requestBody;

    private JwsgiApplication(MethodHandle program, MethodHandle requestBody) {
        this.program = program;
        this.requestBody = requestBody;
    }

    /// @param program with the name `Class:method`, or `Class` if the method is named `application`; the class's name
    /// may have slashes. Its loader is a [UwsgiClassLoader], or has one above it
    /// @throws IllegalArgumentException if there is no such method; the message is for the operator
    public static JwsgiApplication of(Program program) {
        int colon = program.name().indexOf(':');
        String className = (colon < 0 ? program.name() : program.name().substring(0, colon)).replace('/', '.');
        String methodName = colon < 0 ? METHOD : program.name().substring(colon + 1);
        try {
            ClassLoader loader = program.loader();
            share(program.options(), loader);
            Class<?> body = Class.forName("uwsgi$RequestBody", true, loader);
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            return new JwsgiApplication(
                    find(Class.forName(className, true, loader), methodName),
                    lookup.findConstructor(body, MethodType.methodType(void.class))
                            .asType(MethodType.methodType(Object.class)));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("no class " + e.getMessage() + " on the class path");
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException("class " + className + " fails to initialise: " + cause, cause);
        } catch (LinkageError e) {
            throw new IllegalArgumentException("class " + className + " can't be loaded: " + e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("its constructor fails: " + e.getCause(), e.getCause());
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e.getMessage());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException("its method " + methodName + " can't be called: " + e);
        }
    }

    private static void share(Map<String, Object> options, ClassLoader loader) throws ReflectiveOperationException {
        Field opt = Class.forName("uwsgi", true, loader).getField("opt");
        opt.set(null, new HashMap<>(options));
    }

    // As in uWSGI: a static method goes before one of an instance.
    private static MethodHandle find(Class<?> type, String name) throws ReflectiveOperationException {
        Method method = null;
        for (Class<?> each = type; each != null && method == null; each = each.getSuperclass()) {
            method = declared(each, name);
        }
        if (method == null) {
            throw new NoSuchMethodException(
                    "class %s has no method Object[] %s(HashMap)".formatted(type.getName(), name));
        }
        method.setAccessible(true);
        MethodHandle handle = MethodHandles.lookup().unreflect(method);
        return (Modifier.isStatic(method.getModifiers()) ? handle : handle.bindTo(instance(type))).asType(TYPE);
    }

    private static @Nullable Method declared(Class<?> type, String name) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)
                    && method.getReturnType() == Object[].class
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == HashMap.class) {
                return method;
            }
        }
        return null;
    }

    private static Object instance(Class<?> type) throws ReflectiveOperationException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodException("class %s has no constructor without parameters".formatted(type.getName()));
        } catch (InstantiationException e) {
            throw new NoSuchMethodException("class %s is abstract".formatted(type.getName()));
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        HashMap<String, Object> variables = new HashMap<>();
        environ.forEachText(variables::put);
        try {
            Object[] response = RequestInput.of(environ).during(() -> {
                variables.put("jwsgi.input", (Object) requestBody.invokeExact());
                return (Object[]) program.invokeExact(variables);
            });
            return JwsgiResponse.start(response, startResponse);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
