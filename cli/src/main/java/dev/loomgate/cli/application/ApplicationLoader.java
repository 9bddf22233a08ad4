package dev.loomgate.cli.application;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads what `--app` or `--mount` names: a class of the class path, or a single source file.
public final class ApplicationLoader {
    private final ApplicationClassPath classPath;
    private final List<String> classPathTexts;
    private final String option;
    private final @Nullable CompiledCache cache;

    /// @param classPath where to look before the server's own class path, as `--classpath` has it
    /// @param option what names the application, for messages: `--app`
    /// @throws NoApplication if one of these isn't there
    public ApplicationLoader(List<String> classPath, String option) throws NoApplication {
        this(classPath, option, CompiledCache.ofLauncher().orElse(null));
    }

    /// @param cache of what source files became, or null for none
    ApplicationLoader(List<String> classPath, String option, @Nullable CompiledCache cache) throws NoApplication {
        this.classPath = ApplicationClassPath.of(classPath);
        classPathTexts = List.copyOf(classPath);
        this.option = option;
        this.cache = cache;
    }

    /// The same that compiles source files each time: what will be edited again soon isn't worth keeping.
    ApplicationLoader withoutCache() throws NoApplication {
        return new ApplicationLoader(classPathTexts, option, null);
    }

    /// Files and directories that the application is made of: the source file, if it is one, and the class path.
    List<Path> sources(String name) {
        return Stream.concat(
                        name.endsWith(".java") ? Stream.of(Path.of(name)) : Stream.empty(),
                        classPath.entries().stream())
                .toList();
    }

    /// The application that `name` stands for: the path of a file that ends in `.java`, or a class's name.
    ///
    /// The calling thread's context class loader is the application's from then on: a server that it starts has
    /// microthreads with the same.
    ///
    /// @throws NoApplication if there is none; the message is for the operator
    public LoadedApplication load(String name) throws NoApplication {
        ClassLoader parent = classPath.loader();
        String shown = option + " " + name;
        if (name.endsWith(".java")) {
            SourceFile source = SourceFile.read(Path.of(name), shown);
            CompiledClasses compiled = source.compile(classPath, cache);
            ClassLoader loader = compiled.loader(parent);
            Thread.currentThread().setContextClassLoader(loader);
            return ApplicationForms.of(initialized(compiled.mainClass(source), loader), shown);
        }
        Thread.currentThread().setContextClassLoader(parent);
        return ApplicationForms.of(initialized(name, parent), shown);
    }

    private Class<?> initialized(String name, ClassLoader loader) throws NoApplication {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new NoApplication("no class " + name + " (" + option
                    + "): it is neither in --classpath nor in the server;" + " a single source file ends in .java");
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoApplication("class " + name + " (" + option + ") fails to initialise: " + cause, cause);
        } catch (LinkageError e) {
            throw new NoApplication("class " + name + " (" + option + ") can't be loaded: " + e);
        }
    }
}
