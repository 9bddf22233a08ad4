package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class ResourceTest {
    static class Plain {
        private final String greeting;

        Plain() {
            this("Hello");
        }

        Plain(String greeting) {
            this.greeting = greeting;
        }

        Response get(Request request) {
            return new Response(greeting);
        }

        @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
        private void post(int nothing) {}

        void helper(LocalDate date) {}
    }

    @Test
    void onlyVisibleMethodsNamedAsHttpMethodsAnswer() {
        assertThat(Resource.of(Plain.class).methods()).containsExactly("GET");
        assertThat(Resource.of(Plain.class).action("POST")).isEmpty();
        assertThat(Resource.of(Plain.class).action("HELPER")).isEmpty();
    }

    @Test
    void instancesMayComeFromElsewhere() {
        Resource resource = Resource.of(Plain.class, () -> new Plain("Welcome"));

        assertThat(Client.of(WebApplication.of(Rule.of("/", resource)))
                        .get("/")
                        .send()
                        .text())
                .isEqualTo("Welcome");
    }

    static class Nothing {
        void helper() {}
    }

    static class TwoGets {
        String get(Request request) {
            return "";
        }

        String get(Request request, long id) {
            return "";
        }
    }

    static class ReturnsDate {
        LocalDate get() {
            return LocalDate.EPOCH;
        }
    }

    static class ReturnsInt {
        int delete() {
            return 1;
        }
    }

    @SuppressWarnings("ClassCanBeStatic")
    class Inner {
        String get() {
            return "";
        }
    }

    static class NeedsArgument {
        NeedsArgument(String database) {}

        String get() {
            return "";
        }
    }

    abstract static class Abstract {
        abstract String get();
    }

    @Test
    void whatCannotAnswerIsRefusedWithClassAndMethod() {
        refused(Nothing.class, "resource %s has no method that answers a request: none is named delete, get, head");
        refused(TwoGets.class, "resource %s has two methods get: make one of them private or rename it");
        refused(ReturnsDate.class, "%s.get returns LocalDate, which is no response: Response, String");
        refused(ReturnsInt.class, "%s.delete returns int, which is no response");
        refused(
                Inner.class,
                "resource %s has no constructor without parameters: it is an inner class, so make it static");
        refused(NeedsArgument.class, "resource %s has no constructor without parameters: add one, or use Resource.of");
        refused(Abstract.class, "resource %s is abstract");
    }

    private static void refused(Class<?> type, String message) {
        assertThatThrownBy(() -> Resource.of(type))
                .isInstanceOf(ResourceError.class)
                .hasMessageStartingWith(message.formatted(type.getName()));
    }

    static class Base {
        String get() {
            return "base";
        }

        String post() {
            return "posted";
        }
    }

    static class Derived extends Base {
        @Override
        String get() {
            return "derived";
        }
    }

    @Test
    void inheritedMethodsAnswerToo() {
        assertThat(Resource.of(Derived.class).methods()).containsExactlyInAnyOrder("GET", "POST");
    }
}
