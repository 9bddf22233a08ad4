package dev.loomgate.cli.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.LoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationLoaderTest {
    private static final String IMPORTS = "import dev.loomgate.gateway.*;\n";

    @TempDir
    Path directory;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void restoreContextClassLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private LoadedApplication load(String fileName, String source) throws Exception {
        Path file = Files.writeString(directory.resolve(fileName), source);
        return new ApplicationLoader(List.of(), "--app").load(file.toString());
    }

    private static String answerInMicrothread(Application application) throws Exception {
        try (LoopGroup group = LoopGroup.builder().start()) {
            return group.next().createTask(() -> answer(application)).get(10, TimeUnit.SECONDS);
        }
    }

    private static String answer(Application application) throws Exception {
        List<String> started = new ArrayList<>();
        Body body = application.call(new Environ(), (status, headers, cause) -> started.add(status.toString()));
        assertThat(started).containsExactly("200 OK");
        return ((Body.Text) body).content();
    }

    @Test
    void classOfAFileThatIsAnApplication() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello implements Application {
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("hello");
                    }
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("hello");
        assertThat(loaded.hooks()).isEmpty();
    }

    @Test
    void staticMethodNamedApplication() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello {
                    static Body application(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("static");
                    }
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("static");
    }

    @Test
    void instanceMethodNamedApplicationWithHooks() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello implements Lifecycle {
                    private String greeting = "not started";

                    @Override public void start() { greeting = "started"; }

                    private Body application(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text(greeting);
                    }
                }
                """);

        for (Lifecycle hooks : loaded.hooks()) {
            hooks.start();
        }
        assertThat(answer(loaded.application())).isEqualTo("started");
    }

    @Test
    void staticFieldNamedApplicationComesFirst() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello {
                    static final Application application = (environ, startResponse) -> {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("field");
                    };

                    static Body application(Environ environ, StartResponse startResponse) {
                        throw new AssertionError();
                    }
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("field");
    }

    @Test
    void fieldOfACompactSourceFile() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                final Application application = (environ, startResponse) -> {
                    startResponse.start(Status.OK, Headers.of());
                    return Body.text("field of an instance");
                };

                void main() {
                    throw new AssertionError();
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("field of an instance");
    }

    @Test
    void classThatIsAnApplicationComesBeforeItsField() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello implements Application {
                    final Application application = (environ, startResponse) -> {
                        throw new AssertionError();
                    };

                    @Override public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("class");
                    }
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("class");
    }

    @Test
    void hooksOfAnApplicationStayWithIt() throws Exception {
        LoadedApplication loaded = load("Hello.java", IMPORTS + """
                class Hello implements Application, Lifecycle {
                    public Body call(Environ environ, StartResponse startResponse) { throw new AssertionError(); }
                }
                """);

        assertThat(loaded.application()).isInstanceOf(Lifecycle.class);
        assertThat(loaded.hooks()).isEmpty();
    }

    @Test
    void exceptionOfAMethodIsNotWrapped() throws Exception {
        Application application = load("Hello.java", IMPORTS + """
                class Hello {
                    static Body application(Environ environ, StartResponse startResponse) throws Exception {
                        throw new java.io.IOException("as it is");
                    }
                }
                """).application();

        assertThatThrownBy(() -> application.call(new Environ(), (status, headers, cause) -> {}))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("as it is");
    }

    @Test
    void fileMayHaveAPackageAndFurtherClasses() throws Exception {
        LoadedApplication loaded = load("Hello.java", """
                package com.example;
                import dev.loomgate.gateway.*;
                record Greeting(String text) {}
                class Hello {
                    static Body application(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text(new Greeting("packed").text());
                    }
                }
                """);

        assertThat(answer(loaded.application())).isEqualTo("packed");
    }

    @Test
    void onlyClassOfAFileMayHaveAnyName() throws Exception {
        LoadedApplication loaded = load("my-first.try.java", IMPORTS + """
                public class Other {
                    static Body application(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("" + (Thread.currentThread().getContextClassLoader()
                                == Other.class.getClassLoader()));
                    }
                }
                """);

        assertThat(answerInMicrothread(loaded.application())).isEqualTo("true");
    }

    @Test
    void compileErrorsAreShownAsTheCompilerShowsThem() {
        assertThatThrownBy(() -> load("Hello.java", IMPORTS + """
                class Hello {
                    static Body application(Environ environ, StartResponse startResponse) {
                        return Body.text(42);
                    }
                }
                """))
                .isInstanceOf(NoApplication.class)
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("--app " + directory.resolve("Hello.java") + " does not compile:\n"
                        + directory.resolve("Hello.java") + ":4: error: incompatible types: int cannot be converted to"
                        + " String\n        return Body.text(42);\n                         ^\n")
                .endsWith("1 error");
    }

    @Test
    void severalClassesWithoutTheFilesNameAreAmbiguous() {
        assertThatThrownBy(() -> load("Hello.java", "class A {} class B {}"))
                .isInstanceOf(NoApplication.class)
                .hasMessageEndingWith("Hello.java: none of its classes is named Hello: A, B");
    }

    @Test
    void fileWithoutAClassIsNoApplication() {
        assertThatThrownBy(() -> load("Hello.java", "// nothing"))
                .isInstanceOf(NoApplication.class)
                .hasMessageEndingWith("Hello.java: there is no class in it");
    }

    @Test
    void fileThatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("Hello.java"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> new ApplicationLoader(List.of(), "--app").load(file.toString()))
                .hasMessage("--app " + file + ": not in UTF-8");
    }

    @Test
    void classThatIsNoApplicationIsToldWhatItShouldBe() {
        assertThatThrownBy(() -> load("Hello.java", "class Hello {}"))
                .isInstanceOf(NoApplication.class)
                .hasMessageEndingWith(
                        "Hello.java: class Hello is not an application: it should implement Application, or"
                                + " have a method Body application(Environ, StartResponse) or a field application");
    }

    @Test
    void constructorWithParametersIsNoHelp() {
        assertThatThrownBy(() -> load("Hello.java", IMPORTS + """
                class Hello implements Application {
                    Hello(int port) {}
                    public Body call(Environ environ, StartResponse startResponse) { return Body.empty(); }
                }
                """))
                .hasMessageEndingWith("class Hello has no constructor without parameters");
    }

    @Test
    void failureOfTheConstructorIsTheCause() {
        assertThatThrownBy(() -> load("Hello.java", IMPORTS + """
                class Hello implements Application {
                    Hello() { throw new IllegalStateException("no database"); }
                    public Body call(Environ environ, StartResponse startResponse) { return Body.empty(); }
                }
                """))
                .hasMessageEndingWith("its constructor fails: java.lang.IllegalStateException: no database")
                .hasRootCauseMessage("no database");
    }

    @Test
    void failureOfAStaticInitialiserIsTheCause() {
        assertThatThrownBy(() -> load("Hello.java", IMPORTS + """
                class Hello {
                    static final Application application = make();
                    static Application make() { throw new IllegalStateException("no database"); }
                }
                """))
                .isInstanceOf(NoApplication.class)
                .hasMessage("class Hello (--app) fails to initialise: java.lang.IllegalStateException: no database")
                .hasRootCauseMessage("no database");
    }

    @Test
    void classOfTheClassPathIsLoadedFromDirectoriesAndJarFiles() throws Exception {
        Path classes = compiled("""
                package com.example;
                import dev.loomgate.gateway.*;
                public class Shop implements Application {
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text("" + (Thread.currentThread().getContextClassLoader()
                                == Shop.class.getClassLoader()));
                    }
                }
                """);

        LoadedApplication loaded =
                new ApplicationLoader(List.of(directory + ":" + classes), "--app").load("com.example.Shop");

        assertThat(answerInMicrothread(loaded.application())).isEqualTo("true");
    }

    @Test
    void sourceFileSeesTheClassPath() throws Exception {
        Path classes = compiled("package com.example; public class Shop { public static String NAME = \"shop\"; }");
        Path file = Files.writeString(directory.resolve("Hello.java"), IMPORTS + """
                class Hello {
                    static Body application(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text(com.example.Shop.NAME);
                    }
                }
                """);

        LoadedApplication loaded = new ApplicationLoader(List.of(classes.toString()), "--app").load(file.toString());

        assertThat(answer(loaded.application())).isEqualTo("shop");
    }

    @Test
    void starStandsForAllJarFilesOfADirectory() throws Exception {
        Files.createFile(directory.resolve("b.jar"));
        Files.createFile(directory.resolve("a.jar"));
        Files.createFile(directory.resolve("c.txt"));

        assertThat(ApplicationClassPath.of(List.of(directory + "/*")).entries())
                .containsExactly(directory.resolve("a.jar"), directory.resolve("b.jar"));
    }

    private Path compiled(String source) throws IOException {
        Path file = Files.writeString(directory.resolve("Shop.java"), source);
        Path classes = Files.createDirectory(directory.resolve("classes"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(file))
                            .call())
                    .isTrue();
        }
        return classes;
    }
}
