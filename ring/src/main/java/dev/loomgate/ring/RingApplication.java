package dev.loomgate.ring;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Makes applications of Ring handlers.
///
/// ```clojure
/// (ns shop.core)
///
/// (defn handler [request]
///   {:status 200, :headers {"Content-Type" "text/plain"}, :body (str "Hello " (:uri request))})
/// ```
/// ```java
/// Application shop = RingApplication.of(new Program("shop.core/handler", loader));
/// ```
/// The loader has Clojure 1.10 or later and the program's namespaces, and finds this module's and the gateway's public
/// classes. A handler runs in its request's microthread and may block.
public final class RingApplication {
    private static final String ADAPTER = "dev.loomgate.ring.adapter";

    private RingApplication() {}

    /// A handler of one argument, which returns its response.
    ///
    /// @param program with the name `namespace/handler`, or `namespace:handler`. The namespace is required, after
    /// the scripts have been run
    /// @throws IllegalArgumentException if there is no Clojure, no such handler, or loading it fails; the message
    /// is for the operator
    public static Application of(Program program) {
        return of(program, false);
    }

    /// A handler of three arguments: the request, and functions that take its response, or an exception. The request's
    /// microthread waits until one of them is called, by whichever thread.
    ///
    /// @param program as for [#of]
    /// @throws IllegalArgumentException as [#of] does
    public static Application async(Program program) {
        return of(program, true);
    }

    private static Application of(Program program, boolean async) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Clojure finds namespaces by the thread's loader.
        thread.setContextClassLoader(program.loader());
        try {
            return made(program, async);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Application made(Program program, boolean async) {
        ClassLoader loader = program.loader();
        try {
            Class<?> clojure = Class.forName("clojure.java.api.Clojure", true, loader);
            if (isFirst(clojure, loader)) {
                if (isAbsent("ring/core/protocols", loader)) {
                    evaluate("core_protocols.clj", loader);
                }
                if (isAbsent("ring/websocket/protocols", loader)) {
                    evaluate("websocket_protocols.clj", loader);
                }
                evaluate("adapter.clj", loader);
            }
            Object make = clojure.getMethod("var", Object.class, Object.class).invoke(null, ADAPTER, "application");
            return (Application) Class.forName("clojure.lang.IFn", true, loader)
                    .getMethod("invoke", Object.class, Object.class, Object.class)
                    .invoke(make, program.name(), async, program.scripts());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("there is no Clojure on the class path: it needs the JAR files of"
                    + " clojure, spec.alpha and core.specs.alpha");
        } catch (InvocationTargetException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof IllegalArgumentException told && isOurs(told)) {
                throw told;
            }
            throw new IllegalArgumentException("it can't be loaded: " + cause, cause);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalArgumentException("its Clojure can't be used: " + e, e);
        }
    }

    // Whether this Clojure has no adapter yet: types that programs have extended must not be defined again.
    private static boolean isFirst(Class<?> clojure, ClassLoader loader) throws ReflectiveOperationException {
        Object find = clojure.getMethod("var", Object.class, Object.class).invoke(null, "clojure.core", "find-ns");
        Object name = clojure.getMethod("read", String.class).invoke(null, ADAPTER);
        return Class.forName("clojure.lang.IFn", true, loader)
                        .getMethod("invoke", Object.class)
                        .invoke(find, name)
                == null;
    }

    // What the adapter itself throws is for the operator as it is.
    private static boolean isOurs(IllegalArgumentException thrown) {
        return thrown.getStackTrace().length > 0
                && thrown.getStackTrace()[0].getClassName().startsWith(ADAPTER + "$");
    }

    private static boolean isAbsent(String namespace, ClassLoader loader) {
        return List.of(".clj", ".cljc", "__init.class").stream()
                .allMatch(ending -> loader.getResource(namespace + ending) == null);
    }

    private static void evaluate(String file, ClassLoader loader) throws ReflectiveOperationException {
        try (InputStream in = Objects.requireNonNull(RingApplication.class.getResourceAsStream(file));
                Reader source = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            Class.forName("clojure.lang.Compiler", true, loader)
                    .getMethod("load", Reader.class, String.class, String.class)
                    .invoke(null, source, "dev/loomgate/ring/" + file, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
