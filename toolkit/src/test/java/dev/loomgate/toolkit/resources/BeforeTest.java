package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a `before` may return, and what becomes of the request then.
class BeforeTest {
    private static boolean isStranger(Request request) {
        return request.authorization().isEmpty();
    }

    static final class ByNull {
        @Nullable
        Response before(Request request) {
            return isStranger(request) ? new Response("who?", 401) : null;
        }

        String get() {
            return "come in";
        }
    }

    static final class ByOptional {
        Optional<Response> before(Request request) {
            return isStranger(request) ? Optional.of(new Response("who?", 401)) : Optional.empty();
        }

        String get() {
            return "come in";
        }
    }

    static final class ByStage {
        CompletionStage<Optional<Result<String>>> before(Request request) {
            return CompletableFuture.supplyAsync(
                    () -> isStranger(request) ? Optional.of(Result.of("who?", 401)) : Optional.empty());
        }

        String get() {
            return "come in";
        }
    }

    static final class ByObject {
        @Nullable
        Object before(Request request) {
            return isStranger(request) ? Optional.of(new Response("who?", 401)) : null;
        }

        String get() {
            return "come in";
        }
    }

    private final Client client = Client.of(WebApplication.of(
            Rule.of("/null", ByNull.class),
            Rule.of("/optional", ByOptional.class),
            Rule.of("/stage", ByStage.class),
            Rule.of("/object", ByObject.class)));

    @ParameterizedTest
    @ValueSource(strings = {"/null", "/optional", "/stage", "/object"})
    void whatItReturnsIsTheAnswerAndNothingLetsTheRequestGoOn(String path) {
        TestResponse refused = client.get(path).send();
        TestResponse let = client.get(path).header("Authorization", "Bearer x").send();

        assertThat(refused.code()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("who?");
        assertThat(let.code()).isEqualTo(200);
        assertThat(let.text()).isEqualTo("come in");
    }

    static final class Counts {
        private int calls;

        void before() {
            calls++;
        }

        String get() {
            return "after " + calls;
        }
    }

    static final class CountsLater {
        private int calls;

        CompletionStage<Void> before() {
            return CompletableFuture.runAsync(() -> calls++);
        }

        String get() {
            return "after " + calls;
        }
    }

    static final class Answers {
        Map<String, Integer> before() {
            return Map.of("a", 1);
        }

        void get() {}
    }

    @Test
    void oneThatReturnsVoidLetsEachRequestGoOn() {
        Client counting =
                Client.of(WebApplication.of(Rule.of("/now", Counts.class), Rule.of("/later", CountsLater.class)));

        assertThat(counting.get("/now").send().text()).isEqualTo("after 1");
        assertThat(counting.get("/later").send().text()).isEqualTo("after 1");
    }

    @Test
    void itAnswersWithWhateverAMethodMay() {
        TestResponse answer = Client.of(WebApplication.of(Rule.of("/", Answers.class)))
                .get("/")
                .send();

        assertThat(answer.text()).isEqualTo("{\"a\":1}");
    }

    static final class SaysYes {
        boolean before() {
            return true;
        }

        void get() {}
    }

    @Test
    void oneThatReturnsNoResponseStopsTheStart() {
        assertThatThrownBy(() -> Resource.of(SaysYes.class))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("SaysYes.before returns boolean, which is no response");
    }
}
