package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.application.ApplicationLoader;
import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the guide to the toolkit says is so: its programs compile and answer as it shows, its tests pass, what it
/// quotes is in the sources, and its table names what there is.
class ToolkitGuideTest {
    private static final Pattern BLOCK = Pattern.compile("```(java|text)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String SITE = "dev.loomgate.examples.guestbook.GuestBook";
    private static final Path SITE_SOURCES = Path.of("..", "examples/src/main/java/dev/loomgate/examples/guestbook");

    @TempDir
    private Path directory;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    /// A block of the guide.
    private record Block(String language, String text) {
        boolean isImports() {
            return language.equals("java") && text.lines().allMatch(line -> line.startsWith("import "));
        }

        /// The name of the class that it is the file of; empty for a quotation.
        String className() {
            Matcher found = CLASS.matcher(text);
            return language.equals("java") && found.find() ? found.group(1) : "";
        }

        boolean isTest() {
            return className().endsWith("Test");
        }
    }

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(directory.resolve("public"));
        Files.writeString(directory.resolve("public/style.css"), "h1 { color: green }\n");
        Files.writeString(directory.resolve("secret"), "not to be sent");
        Matcher python = PYTHON.matcher(guide());
        assertThat(python.find()).isTrue();
        Files.writeString(directory.resolve("wiki.py"), python.group(1));
    }

    @AfterEach
    void restoreContextClassLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs/toolkit.md"));
    }

    private static List<Block> blocks() throws IOException {
        return BLOCK.matcher(guide())
                .results()
                .map((MatchResult block) -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    /// The exchanges by the application that they are with.
    private static Map<String, List<Exchange>> exchanges() throws IOException {
        Map<String, List<Exchange>> exchanges = new LinkedHashMap<>();
        String name = "";
        for (Block block : blocks()) {
            if (block.language().equals("java")) {
                name = block.isTest() ? SITE : block.className();
                if (!name.isEmpty()) {
                    exchanges.put(name, new ArrayList<>());
                }
            } else {
                exchanges.get(name).addAll(Exchange.of(block.text()));
            }
        }
        return exchanges;
    }

    /// A file of the guide as somebody would write it: with its imports, and in the test's directory.
    private Path write(String name, String text) throws IOException {
        String imports =
                blocks().stream().filter(Block::isImports).map(Block::text).collect(Collectors.joining());
        String there = imports + text;
        for (String file : List.of("public", "wiki.py")) {
            there = there.replace("\"" + file + "\"", "\"" + directory.resolve(file) + "\"");
        }
        return Files.writeString(directory.resolve(name + ".java"), there);
    }

    @TestFactory
    Stream<DynamicTest> programsAnswerAsShown() throws IOException {
        Map<String, List<Exchange>> exchanges = exchanges();
        assertThat(exchanges).hasSizeGreaterThan(10).allSatisfy((_, some) -> assertThat(some)
                .isNotEmpty());
        return exchanges.entrySet().stream()
                .map(program ->
                        DynamicTest.dynamicTest(program.getKey(), () -> check(program.getKey(), program.getValue())));
    }

    private void check(String name, List<Exchange> exchanges) throws Exception {
        try (Client client = Client.started(application(name))) {
            exchanges.forEach(exchange -> exchange.checkWith(client));
        }
    }

    private Application application(String name) throws Exception {
        ApplicationLoader loader = new ApplicationLoader(List.of(), "--app");
        if (name.equals(SITE)) {
            return loader.load(name).application();
        }
        for (Block block : blocks()) {
            if (block.className().equals(name)) {
                return loader.load(write(name, block.text()).toString()).application();
            }
        }
        throw new AssertionError("no program " + name);
    }

    @Test
    void testsPass() throws Exception {
        List<Path> files = new ArrayList<>();
        for (Block block : blocks()) {
            if (!block.className().isEmpty()) {
                // The test's own imports come after the usual ones.
                files.add(write(block.className(), block.text()));
            }
        }
        List<String> run = new ArrayList<>();
        try (URLClassLoader loader = compiled(files)) {
            for (Block block : blocks()) {
                if (block.isTest()) {
                    run.addAll(runTests(loader.loadClass(block.className())));
                }
            }
        }
        assertThat(run).hasSize(6);
    }

    private static List<String> runTests(Class<?> type) throws Exception {
        List<String> run = new ArrayList<>();
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                method.setAccessible(true);
                method.invoke(constructor.newInstance());
                run.add(method.getName());
            }
        }
        return run;
    }

    private URLClassLoader compiled(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        Path classes = Files.createDirectories(directory.resolve("classes"));
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString(),
                    "-parameters",
                    "-proc:none");
            boolean done = compiler.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(done).as(messages.toString()).isTrue();
        }
        return new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void quotationsAreInTheSources() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(SITE_SOURCES)) {
            for (Path file : files.toList()) {
                sources.append(Files.readString(file));
            }
        }
        List<String> quotations = blocks().stream()
                .filter(block -> block.language().equals("java"))
                .filter(block -> !block.isImports() && block.className().isEmpty())
                .map(Block::text)
                .toList();

        assertThat(quotations).hasSize(5).allSatisfy(quotation -> assertThat(sources.toString())
                .contains(quotation));
    }

    /// Each converter with each of its arguments.
    @TestFactory
    Stream<DynamicTest> tableOfConvertersIsRight() throws IOException {
        String table = guide().split("\\| converter \\|", 2)[1].split("\n\n", 2)[0];
        List<List<String>> rows = table.lines()
                .filter(row -> row.startsWith("| `"))
                .map(row -> CODE.matcher(row)
                        .results()
                        .map((MatchResult code) -> code.group(1))
                        .toList())
                .toList();
        assertThat(rows).hasSize(6);
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.getFirst(), () -> checkConverter(row)));
    }

    private static void checkConverter(List<String> row) {
        String converter = row.getFirst();
        List<String> rules = new ArrayList<>();
        if (converter.equals("any")) {
            rules.add("/<any(one, two):value>");
        } else {
            rules.add("/<" + converter + ":value>");
            row.stream()
                    .skip(2)
                    .map(argument -> argument + (argument.equals("signed") ? "=True" : "=1"))
                    .forEach(argument -> rules.add("/<" + converter + "(" + argument + "):value>"));
        }
        for (String rule : rules) {
            UrlMap<String> urls = UrlMap.of(Rule.of(rule, "endpoint"));
            assertThat(urls.variables(urls.rules().getFirst()).get("value").getSimpleName())
                    .as(rule)
                    .isEqualToIgnoringCase(row.get(1));
        }
    }

    /// The first piece of code in each row's last cell is a call, unless the cell tells of methods by name.
    @Test
    void tableOfNamesCompiles() throws IOException {
        List<String> calls = guide().lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(line.lastIndexOf(" | ")))
                .flatMap(cell -> CODE.matcher(cell).results().map((MatchResult code) -> code.group(1)))
                .filter(code -> code.endsWith(")"))
                .toList();
        assertThat(calls).hasSizeGreaterThan(38);
        String names = """
                import dev.loomgate.toolkit.test.Client;
                import java.nio.file.Path;

                class Names {
                    static class Index {}

                    void all(Request request, Response response, Environ environ, Application app, Application admin,
                            UploadedFile photo, Path path, Object value, WebApplication site, UrlMap<String> urlMap,
                            MapAdapter<String> urls, Rule<String> rule, String text)
                            throws Exception {
                        %s;
                    }
                }
                """.formatted(String.join(";\n        ", calls));
        try (URLClassLoader loader = compiled(List.of(write("Names", names)))) {
            assertThat(loader.getURLs()).isNotEmpty();
        }
    }
}
