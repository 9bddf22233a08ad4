package dev.loomgate.cli.application;

import dev.loomgate.cli.files.Reasons;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// A single source file, compiled in memory, as `java Hello.java` does it.
///
/// @param shown what messages call it: `--app Hello.java`
record SourceFile(Path path, String text, String shown) {
    private static final List<String> OPTIONS = List.of("-g", "-parameters", "-proc:none");

    static SourceFile read(Path path, String shown) throws NoApplication {
        try {
            return new SourceFile(path, Files.readString(path), shown);
        } catch (MalformedInputException e) {
            throw new NoApplication(shown + ": not in UTF-8");
        } catch (IOException e) {
            throw new NoApplication(shown + ": " + Reasons.of(e));
        }
    }

    /// The name that a class of the file has by rule.
    String simpleName() {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - ".java".length());
    }

    /// From the cache, if there is one and what it depends on hasn't changed since it was compiled.
    ///
    /// @throws NoApplication with the compiler's own lines if it has errors
    CompiledClasses compile(ApplicationClassPath classPath, @Nullable CompiledCache cache) throws NoApplication {
        String allClasses = classPath.withTheServers();
        Optional<String> key = cache == null ? Optional.empty() : cache.key(this, OPTIONS, allClasses);
        if (cache == null || key.isEmpty()) {
            return compile(allClasses);
        }
        Optional<CompiledClasses> kept = cache.find(key.get());
        if (kept.isPresent()) {
            return kept.get();
        }
        CompiledClasses compiled = compile(allClasses);
        cache.keep(key.get(), compiled);
        return compiled;
    }

    private CompiledClasses compile(String classPath) throws NoApplication {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new NoApplication(shown + ": this Java has no compiler: run on a JDK, not a JRE");
        }
        CompiledClasses compiled = new CompiledClasses();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("-classpath", classPath));
            boolean done = compiler.getTask(
                            messages, compiled.fileManager(files), null, options, null, List.of(new Source(this)))
                    .call();
            if (!done) {
                throw new NoApplication(
                        shown + " does not compile:\n" + messages.toString().stripTrailing());
            }
        } catch (IOException e) {
            throw new NoApplication(shown + ": " + Reasons.of(e));
        }
        return compiled;
    }

    /// The compiler's view of it. Messages show the path as it was given; the class's name needn't be the file's.
    private static final class Source extends SimpleJavaFileObject {
        private final SourceFile file;

        Source(SourceFile file) {
            super(
                    URI.create("source:///" + file.simpleName().replaceAll("[^A-Za-z0-9_$]", "_") + ".java"),
                    Kind.SOURCE);
            this.file = file;
        }

        @Override
        public String getName() {
            return file.path().toString();
        }

        @Override
        public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
            return kind == Kind.SOURCE;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
