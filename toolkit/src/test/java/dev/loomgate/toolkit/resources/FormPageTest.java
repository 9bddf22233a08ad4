package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormPageTest {
    record Guest(String name, int age) {
        Guest {
            if (name.isBlank()) {
                throw new IllegalArgumentException("Who are you?");
            }
        }
    }

    record Search(Optional<String> order) {}

    static String page(Request request) {
        return request.errors().stream().map(InputError::message).toList() + " beside "
                + request.form().get("name", "nothing");
    }

    /// A class with both methods, and what has to see each response.
    static final class Both {
        String get(Request request) {
            return page(request);
        }

        String post(Guest guest) {
            if (guest.name().equals("Ada")) {
                throw new UnprocessableEntity(null, List.of(InputError.of("name", "is taken")));
            }
            return "Hello " + guest.name();
        }

        void after(Response response) {
            response.header("X-After", Integer.toString(response.status().code()));
        }
    }

    private static final WebApplication SITE = WebApplication.of(
                    Route.get(
                            "/guests",
                            Search.class,
                            (request, search) -> search.order().orElse("newest") + page(request)),
                    Route.post("/guests", Guest.class, (request, guest) -> "Hello " + guest.name()),
                    Route.get("/guests/<int:id>", long.class, (request, id) -> id + page(request)),
                    Route.post("/guests/<int:id>", long.class, Guest.class, (request, id, guest) -> {
                        throw new UnprocessableEntity(null, List.of(InputError.of("name", "is taken")));
                    }),
                    Rule.of("/both", Both.class),
                    Route.get("/blocks", FormPageTest::page).blocking(),
                    Route.post("/blocks", Guest.class, (request, guest) -> "Hello"),
                    Route.post("/alone", Guest.class, (request, guest) -> "Hello"),
                    Rule.of("/foreign", (Application) (environ, startResponse) ->
                                    new Response("another page").call(environ, startResponse))
                            .withMethods("GET"),
                    Route.post("/foreign", Guest.class, (request, guest) -> "Hello"),
                    Route.get("/gone", request -> new NotFound("The list is gone.")),
                    Route.post("/gone", Guest.class, (request, guest) -> "Hello"),
                    Route.get("/hidden", FormPageTest::page).guardedBy((request, rule) -> {
                        throw new Forbidden("Not this page.");
                    }),
                    Route.post("/hidden", Guest.class, (request, guest) -> "Hello"))
            .withFormsShownAgain();

    private final Client client = Client.of(SITE);

    private TestResponse post(String path, String name, String age) {
        return client.post(path).form("name", name, "age", age).send();
    }

    @Test
    void aFormThatIsRightIsTaken() {
        TestResponse taken = post("/guests", "Ada", "36");

        assertThat(taken.code()).isEqualTo(200);
        assertThat(taken.text()).isEqualTo("Hello Ada");
        assertThat(client.get("/guests").send().text()).isEqualTo("newest[] beside nothing");
    }

    @Test
    void whatGetAnswersIsTheAnswerWithTheErrorsStatus() {
        TestResponse refused = post("/guests?order=oldest", " ", "36");
        TestResponse wrong = post("/guests", "Ada", "many");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).isEqualTo("oldest[Who are you?] beside  ");
        assertThat(wrong.code()).isEqualTo(422);
        assertThat(wrong.text()).startsWith("newest[must be a whole number").endsWith("beside Ada");
    }

    @Test
    void whatAMethodRefusesIsShownWithThePathsVariables() {
        TestResponse refused = post("/guests/7", "Ada", "36");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).isEqualTo("7[is taken] beside Ada");
    }

    @Test
    void aFormWithFilesIsOneToo() {
        TestResponse refused =
                client.post("/guests").field("name", "").field("age", "36").send();

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).startsWith("newest[Who are you?]");
    }

    @Test
    void aClassAnswersItselfAndItsAfterSeesThePage() {
        TestResponse refused = post("/both", "Ada", "36");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).isEqualTo("[is taken] beside Ada");
        assertThat(refused.header("X-After")).isEqualTo("422");
    }

    @Test
    void aPageThatBlocksIsMadeInAThreadForThat() {
        assertThat(post("/blocks", " ", "36").text()).isEqualTo("[Who are you?] beside  ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/alone", "/foreign"})
    void whereNoMethodAnswersGetTheErrorIsTheAnswer(String path) {
        TestResponse refused = post(path, " ", "36");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("<h1>Unprocessable Entity</h1>", "Who are you?");
    }

    @Test
    void jsonIsAnsweredByAProblem() {
        TestResponse sent =
                client.post("/guests").json(Map.of("name", " ", "age", 36)).send();
        TestResponse wanted = client.post("/guests")
                .header("Accept", "application/json")
                .form("name", " ", "age", "36")
                .send();

        for (TestResponse refused : List.of(sent, wanted)) {
            assertThat(refused.code()).isEqualTo(422);
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void anErrorOfThePageItselfIsTheAnswer() {
        assertThat(post("/gone", " ", "36").code()).isEqualTo(404);
    }

    @Test
    void aGuardOfThePageIsAskedForItToo() {
        TestResponse refused = post("/hidden", " ", "36");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.text()).contains("Not this page.");
    }

    @Test
    void otherHandlersStay() {
        Client handled =
                Client.of(SITE.onStatus(422, (request, e) -> "by status").onStatus(404, (request, e) -> "gone"));

        assertThat(handled.post("/guests").form("name", " ", "age", "1").send().text())
                .isEqualTo("newest[Who are you?] beside  ");
        assertThat(handled.post("/alone").form("name", " ", "age", "1").send().text())
                .isEqualTo("by status");
        assertThat(handled.post("/gone").form("name", " ", "age", "1").send().text())
                .isEqualTo("gone");
    }

    @Test
    void nobodyGetsThisWhoHasNotAskedForIt() {
        WebApplication plain = WebApplication.of(Rule.of("/both", Both.class));

        assertThat(Client.of(plain)
                        .post("/both")
                        .form("name", "Ada", "age", "36")
                        .send()
                        .text())
                .contains("<h1>Unprocessable Entity</h1>");
    }
}
