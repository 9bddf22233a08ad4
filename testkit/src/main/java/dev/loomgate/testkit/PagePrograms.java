package dev.loomgate.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/// The Java programs of a page of the documents: each block of Java is a file with one class in no
/// package, and compiles by itself, against the class path that the test runs with.
///
/// ```java
/// PagePrograms programs = PagePrograms.of(Path.of("..", "docs/security.md"));
/// try (URLClassLoader loader = programs.compile("Office", directory)) { ... }
/// ```
public final class PagePrograms {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

    private final String page;
    private final Map<String, String> programs;

    private PagePrograms(String page, Map<String, String> programs) {
        this.page = page;
        this.programs = programs;
    }

    /// Reads a page.
    ///
    /// @throws IOException also if a block of Java has no class, or two have the same
    public static PagePrograms of(Path file) throws IOException {
        String page = Files.readString(file);
        Map<String, String> programs = new LinkedHashMap<>();
        for (MatchResult block : BLOCK.matcher(page).results().toList()) {
            Matcher name = CLASS.matcher(block.group(1));
            if (!name.find() || programs.put(name.group(1), block.group(1)) != null) {
                throw new IOException("%s: no program, or one of a name that another has: %s"
                        .formatted(file, block.group(1).lines().findFirst().orElse("")));
            }
        }
        return new PagePrograms(page, programs);
    }

    /// All of the page.
    public String page() {
        return page;
    }

    /// The programs' classes, in their order.
    public List<String> names() {
        return List.copyOf(programs.keySet());
    }

    /// The same page with a text of its programs in place of another: a path of the test's.
    ///
    /// @throws IllegalArgumentException if no program has the text
    public PagePrograms with(String text, String other) {
        if (programs.values().stream().noneMatch(program -> program.contains(text))) {
            throw new IllegalArgumentException("no program of the page has " + text);
        }
        Map<String, String> changed = new LinkedHashMap<>(programs);
        changed.replaceAll((_, program) -> program.replace(text, other));
        return new PagePrograms(page, changed);
    }

    /// Compiles one program, and returns what loads it; close that at the end.
    ///
    /// @param name of its class
    /// @param directory of its source and class files
    /// @throws IOException also if it can't be compiled, with the compiler's messages
    public URLClassLoader compile(String name, Path directory) throws IOException {
        String program = programs.get(name);
        if (program == null) {
            throw new IOException("the page has no program " + name);
        }
        Path source = Files.writeString(directory.resolve(name + ".java"), program);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        "-parameters",
                        "-proc:none",
                        source.toString());
        if (status != 0) {
            throw new IOException(messages.toString(StandardCharsets.UTF_8));
        }
        return new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
    }
}
