package dev.loomgate.jwsgi;

import dev.loomgate.jwsgi.program.uwsgi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Has the class `uwsgi`, which is in no package, and what is nested in it: the class of the package `program`, without
/// that. A named module can't have a class without a package.
///
/// It is to be the parent of the loader that has the program's classes: then this class is what the program finds, also
/// where uWSGI's own `uwsgi.jar`, whose methods are uWSGI's native ones, is on the class path. Each of these loaders
/// has a class with a state of its own.
public final class UwsgiClassLoader extends ClassLoader {
    /// The class files by the names that their classes get here.
    private static final Map<String, Class<?>> CLASSES = Stream.of(
                    uwsgi.class, uwsgi.RequestBody.class, uwsgi.SignalHandler.class, uwsgi.RpcFunction.class)
            .collect(Collectors.toUnmodifiableMap(UwsgiClassLoader::nameHere, Function.identity()));

    static {
        registerAsParallelCapable();
    }

    /// @param parent what else it finds; has to find this module's public classes
    public UwsgiClassLoader(ClassLoader parent) {
        super(parent);
    }

    /// The names of the classes that it has.
    static Set<String> names() {
        return CLASSES.keySet();
    }

    private static String nameHere(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }

    // Before the parent is asked: uWSGI's class may be there.
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return CLASSES.containsKey(name) ? own(name) : super.loadClass(name, resolve);
    }

    private Class<?> own(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> source = CLASSES.get(name);
        if (source == null) {
            throw new ClassNotFoundException(name);
        }
        String file = source.getName().substring(source.getPackageName().length() + 1) + ".class";
        try (InputStream in = source.getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = WithoutPackage.of(in.readAllBytes(), source.getPackageName());
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
