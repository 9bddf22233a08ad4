package dev.loomgate.cli.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.cli.kinds.NamedKind;
import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.testkit.peers.JwsgiProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Applications of the kinds that modules offer, and what runs before them.
@Tag("once")
class KindsTest {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    @AfterEach
    void restoreContextClassLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static LoadedApplication load(JavaSettings settings, String name) throws NoApplication {
        return new ApplicationLoader(settings, "--app").load(name);
    }

    private JavaSettings settings(List<String> classes, List<String> mains) {
        return new JavaSettings(List.of(directory.toString()), classes, mains, List.of(), Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwsgi:Shop:application", "ring:shop.core/handler", "ring-async:shop.core/handler"})
    void aNameBeginsWithItsKind(String text) {
        int colon = text.indexOf(':');

        assertThat(NamedKind.of(text)).hasValueSatisfying(found -> {
            assertThat(found.kind().name()).isEqualTo(text.substring(0, colon));
            assertThat(found.program()).isEqualTo(text.substring(colon + 1));
        });
        assertThat(ApplicationName.parse(text, Path.of(""))).isEqualTo(new ApplicationName.Java(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop:application", "shop.wsgi:application", "jwsgi", ":ring", "rings:x/y"})
    void otherNamesAreAsBefore(String text) {
        assertThat(NamedKind.of(text)).isEmpty();
        assertThat(ApplicationName.parse(text, Path.of(""))).isEqualTo(new ApplicationName.PythonModule(text));
    }

    @Test
    void classesAreInitialisedAndMainMethodsRunBeforeTheApplication() throws Exception {
        JwsgiProgram.compile(directory);

        LoadedApplication loaded =
                load(settings(List.of("java/util/List"), List.of("JwsgiProgram")), "jwsgi:JwsgiProgram");

        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        assertThat(loader.loadClass("JwsgiProgram").getDeclaredField("STARTED")).isNotNull();
        assertThat(loaded.application().getClass().getSimpleName()).isEqualTo("JwsgiApplication");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jwsgi:NoSuch|||--app jwsgi:NoSuch: no class NoSuch on the class path",
                "ring:a/b|||--app ring:a/b: there is no Clojure on the class path: it needs the JAR files of clojure, spec.alpha and core.specs.alpha",
                "jwsgi:A|a/None||no class a.None (--jvm-class): it is neither in --classpath nor in the server",
                "jwsgi:A||java.util.List|--jvm-main-class java.util.List: the class has no static method main()"
            })
    void whatCannotBeLoadedIsSaid(String name, String type, String main, String message) {
        List<String> classes = type == null ? List.of() : List.of(type);
        List<String> mains = main == null ? List.of() : List.of(main);

        assertThatThrownBy(() -> load(settings(classes, mains), name))
                .isInstanceOf(NoApplication.class)
                .hasMessage(message);
    }
}
