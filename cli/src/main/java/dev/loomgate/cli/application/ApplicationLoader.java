package dev.loomgate.cli.application;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Loads what `--app` names: a class of the class path, or a single source file.
public final class ApplicationLoader {
    private final ApplicationClassPath classPath;
    private final @Nullable CompiledCache cache;

    /// @param classPath where to look before the server's own class path, as `--classpath` has it
    /// @throws NoApplication if one of these isn't there
    public ApplicationLoader(List<String> classPath) throws NoApplication {
        this(classPath, CompiledCache.ofLauncher().orElse(null));
    }

    /// @param cache of what source files became, or null for none
    ApplicationLoader(List<String> classPath, @Nullable CompiledCache cache) throws NoApplication {
        this.classPath = ApplicationClassPath.of(classPath);
        this.cache = cache;
    }

    /// The application that `name` stands for: the path of a file that ends in `.java`, or a class's name.
    ///
    /// The calling thread's context class loader is the application's from then on: a server that it starts has
    /// microthreads with the same.
    ///
    /// @throws NoApplication if there is none; the message is for the operator
    public LoadedApplication load(String name) throws NoApplication {
        ClassLoader parent = classPath.loader();
        if (name.endsWith(".java")) {
            SourceFile source = SourceFile.read(Path.of(name));
            CompiledClasses compiled = source.compile(classPath, cache);
            ClassLoader loader = compiled.loader(parent);
            Thread.currentThread().setContextClassLoader(loader);
            return ApplicationForms.of(initialized(compiled.mainClass(source), loader), name);
        }
        Thread.currentThread().setContextClassLoader(parent);
        return ApplicationForms.of(initialized(name, parent), name);
    }

    private static Class<?> initialized(String name, ClassLoader loader) throws NoApplication {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new NoApplication("no class " + name + " (--app): it is neither in --classpath nor in the server;"
                    + " a single source file ends in .java");
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoApplication("class " + name + " (--app) fails to initialise: " + cause, cause);
        } catch (LinkageError e) {
            throw new NoApplication("class " + name + " (--app) can't be loaded: " + e);
        }
    }
}
