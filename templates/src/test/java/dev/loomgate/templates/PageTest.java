package dev.loomgate.templates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
    static final class Change {
        String get(Request request) {
            return new Page(request, List.of()) {}.value("text", "as it was");
        }

        String post(Request request) {
            return get(request);
        }
    }

    private final Client client = Client.of(WebApplication.of(Rule.of("/", Change.class)));

    @Test
    void aFieldHasWhatIsThereUntilSomethingElseIsSentEvenIfThatIsEmpty() {
        assertThat(client.get("/").send().text()).isEqualTo("as it was");
        assertThat(client.post("/").form("other", "x").send().text()).isEqualTo("as it was");
        assertThat(client.post("/").form("text", "").send().text()).isEmpty();
    }

    private static String shown(Request request) {
        Page page = new Page(request, List.of(InputError.of("text", "too short"))) {};
        return "<" + page.user() + "> " + page.error("text");
    }

    @Test
    void itKnowsWhoSeesIt() {
        WebApplication site = WebApplication.of(
                Route.get("/", PageTest::shown),
                Route.get("/in", PageTest::shown).guardedBy((request, rule) -> {
                    request.authenticated("Test", "Zoë", 7);
                    return Optional.empty();
                }));

        assertThat(Client.of(site).get("/").send().text()).startsWith("<> ");
        assertThat(Client.of(site).get("/in").send().text()).startsWith("<Zoë> ");
    }

    @Test
    void errorsAreTheRequestsAndTheViews() {
        WebApplication site = WebApplication.of(Route.get("/", PageTest::shown), Route.post("/", (Request request) -> {
                    throw new UnprocessableEntity(null, List.of(InputError.of("text", "taken")));
                }))
                .withFormsShownAgain();

        assertThat(Client.of(site).post("/").form("text", "a").send().text()).isEqualTo("<> taken\ntoo short");
    }
}
