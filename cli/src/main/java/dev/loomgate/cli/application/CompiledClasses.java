package dev.loomgate.cli.application;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/// The classes that a source file became, in memory.
final class CompiledClasses {
    private final Map<String, ByteArrayOutputStream> bytes = new LinkedHashMap<>();

    /// Class files by their classes' names, in the compiler's order.
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        bytes.forEach((name, code) -> files.put(name, code.toByteArray()));
        return files;
    }

    /// What [#files] gave.
    static CompiledClasses of(Map<String, byte[]> files) {
        CompiledClasses classes = new CompiledClasses();
        files.forEach((name, code) -> classes.bytes
                .computeIfAbsent(name, unused -> new ByteArrayOutputStream(code.length))
                .writeBytes(code));
        return classes;
    }

    /// Takes what the compiler writes; the rest is `files`' job.
    JavaFileManager fileManager(JavaFileManager files) {
        return new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/')), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return bytes.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                    }
                };
            }
        };
    }

    /// A loader of these classes, and of what `parent` has.
    ClassLoader loader(ClassLoader parent) {
        return new SourceClassLoader(files(), parent);
    }

    /// The class to run: the one that has the file's name, or else the only one at the top level.
    String mainClass(SourceFile source) throws NoApplication {
        List<String> top =
                bytes.keySet().stream().filter(name -> name.indexOf('$') < 0).toList();
        String simpleName = source.simpleName();
        for (String name : top) {
            if (name.equals(simpleName) || name.endsWith("." + simpleName)) {
                return name;
            }
        }
        if (top.size() == 1) {
            return top.getFirst();
        }
        throw new NoApplication(source.shown() + ": "
                + (top.isEmpty()
                        ? "there is no class in it"
                        : "none of its classes is named " + simpleName + ": " + String.join(", ", top)));
    }
}
