package dev.loomgate.templates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import java.util.List;
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
}
