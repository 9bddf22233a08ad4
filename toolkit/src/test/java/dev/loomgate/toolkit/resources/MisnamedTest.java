package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.routing.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.MethodParametersAttribute;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Resource classes that are almost right.
class MisnamedTest {
    static class MissingLetter {
        String get() {
            return "";
        }

        String pst() {
            return "";
        }
    }

    static class Swapped {
        String delete() {
            return "";
        }

        String gte() {
            return "";
        }
    }

    static class Doubled {
        String putt(int number) {
            return "";
        }
    }

    static class UpperCase {
        String GET() {
            return "";
        }
    }

    static class Guard {
        String get() {
            return "secret";
        }

        void befor() {}
    }

    static class OfAllObjects {
        String get() {
            return "";
        }

        static String post() {
            return "";
        }
    }

    static class Socket {
        String get() {
            return "";
        }

        void webSocket(WebSocket socket) {}
    }

    @Test
    void aMethodThatIsMeantToAnswerAndCannotIsRefused() {
        refused(MissingLetter.class, "its method pst answers no request: rename it to post, or make it private");
        refused(Swapped.class, "its method gte answers no request: rename it to get,");
        refused(Doubled.class, "its method putt answers no request: rename it to put,");
        refused(UpperCase.class, "its method GET answers no request: rename it to get,");
        refused(Guard.class, "its method befor answers no request: rename it to before,");
        refused(Socket.class, "its method webSocket answers no request: rename it to websocket,");
        refused(OfAllObjects.class, "its method post is static, so it answers no request: make it an instance's,");
    }

    private static void refused(Class<?> type, String message) {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", type)))
                .isInstanceOf(ResourceError.class)
                .hasMessageStartingWith("resource " + type.getName() + ": " + message);
    }

    static class Helpers {
        String get() {
            return path() + option() + host(1) + read() + getAll() + webSocket() + Helpers.pst();
        }

        String path() {
            return "a";
        }

        String option() {
            return "b";
        }

        String host(int number) {
            return "c" + number;
        }

        String read() {
            return "d";
        }

        String getAll() {
            return "e";
        }

        String webSocket() {
            return "f" + ptu();
        }

        static String pst() {
            return "h";
        }

        private static String ptu() {
            return "g";
        }
    }

    @Test
    void helpersAreLeftAlone() {
        try (LogLines log = LogLines.of("dev.loomgate.toolkit")) {
            assertThat(Resource.of(Helpers.class).methods()).containsExactly("GET");
            assertThat(log.lines()).isEmpty();
        }
    }

    static class Longer {
        String post() {
            return "";
        }

        String getAll() {
            return "";
        }

        String postage() {
            return "";
        }
    }

    @Test
    void aLongerNameIsToldWhereTheMethodItselfIsMissing() {
        try (LogLines log = LogLines.withLevels("dev.loomgate.toolkit")) {
            assertThat(Resource.of(Longer.class).methods()).containsExactly("POST");
            assertThat(log.lines())
                    .containsExactly("WARNING resource " + Longer.class.getName() + ": its method getAll answers no"
                            + " request, and there is no method get: rename it, or make it private if it is a helper");
        }
    }

    static class TakesVariable {
        String get(long id) {
            return "" + id;
        }
    }

    @Test
    void withoutNamesOfParametersTheErrorSaysWhatTheBuildNeeds() throws Exception {
        Class<?> nameless = withoutNamesOfParameters(TakesVariable.class);

        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<int:id>", nameless)))
                .isInstanceOf(ResourceError.class)
                .hasMessage(nameless.getName() + ".get: the name of its parameter of type long is not known, so no"
                        + " variable can be chosen: compile with -parameters, or take a record. In a pom.xml it is the"
                        + " property <maven.compiler.parameters>true</maven.compiler.parameters>; run mvn clean first,"
                        + " since Maven compiles nothing again for it");
    }

    private static Class<?> withoutNamesOfParameters(Class<?> type) throws IOException {
        ClassFile format = ClassFile.of();
        try (InputStream compiled = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            byte[] changed = format.transformClass(
                    format.parse(Objects.requireNonNull(compiled).readAllBytes()),
                    ClassTransform.transformingMethods((method, element) -> {
                        if (!(element instanceof MethodParametersAttribute)) {
                            method.with(element);
                        }
                    }));
            return new ClassLoader(type.getClassLoader()) {
                Class<?> define() {
                    return defineClass(type.getName(), changed, 0, changed.length);
                }
            }.define();
        }
    }
}
