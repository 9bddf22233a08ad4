package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.RecordValidator.Violation;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderRecordTest {
    @FromHeaders
    record Caller(String userAgent, Optional<Integer> xRetryCount, List<String> x_b3_flags) {
        Caller {
            if (userAgent.isBlank()) {
                throw new IllegalArgumentException("Who are you?");
            }
        }
    }

    record Search(String q) {}

    record Note(String text) {}

    static final class Notes {
        String get(Caller caller, Search search) {
            return caller + " " + search;
        }

        String post(Note note, Caller caller) {
            return caller + " " + note;
        }
    }

    @FromHeaders
    record Nested(Search search) {}

    static final class Impossible {
        String get(Nested nested) {
            return nested.toString();
        }
    }

    private final Client client = Client.of(WebApplication.of(
                    Rule.of("/notes", Notes.class),
                    Route.delete("/notes/<int:id>", long.class, Caller.class, (_, id, caller) -> id + " " + caller))
            .withValidator((made, _) ->
                    made instanceof Caller caller && caller.userAgent().equals("robot")
                            ? List.of(new Violation(List.of("userAgent"), "is not welcome"))
                            : List.of()));

    @Test
    void itsComponentsAreTheFieldsOfTheirNames() {
        assertThat(client.get("/notes?q=tea")
                        .header("User-Agent", "curl")
                        .header("X-Retry-Count", "2")
                        .header("X-B3-Flags", "a, \"b,c\" ,d")
                        .send()
                        .text())
                .isEqualTo("Caller[userAgent=curl, xRetryCount=Optional[2], x_b3_flags=[a, b,c, d]] Search[q=tea]");
    }

    @Test
    void itStandsBesideABodyAndAPath() {
        assertThat(client.post("/notes")
                        .header("User-Agent", "curl")
                        .json(new Note("hi"))
                        .send()
                        .text())
                .isEqualTo("Caller[userAgent=curl, xRetryCount=Optional.empty, x_b3_flags=[]] Note[text=hi]");
        assertThat(client.delete("/notes/7").header("User-Agent", "curl").send().text())
                .startsWith("7 Caller[userAgent=curl,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Retry-Count | 1     | User-Agent    | must have a value | The request has no header field User-Agent.
            User-Agent    | ' '   | ''            | Who are you? | Who are you?
            User-Agent    | robot | User-Agent    | is not welcome | User-Agent: is not welcome
            """)
    void whatDoesNotFitIsABadRequestThatNamesTheField(
            String header, String value, String field, String message, String detail) {
        TestResponse response = client.get("/notes?q=tea")
                .header(header, value)
                .header("Accept", "application/json")
                .send();

        assertThat(response.code()).isEqualTo(400);
        assertThat(response.text())
                .contains("\"detail\":\"" + detail + "\"")
                .endsWith("\"errors\":[{\"field\":\"" + field + "\",\"message\":\"" + message + "\"}]}");
    }

    @Test
    void aFieldsValueIsNotShown() {
        TestResponse response = client.get("/notes?q=tea")
                .header("User-Agent", "curl")
                .header("X-Retry-Count", "secret")
                .header("Accept", "application/json")
                .send();

        assertThat(response.code()).isEqualTo(400);
        assertThat(response.text())
                .contains("The value for \\\"X-Retry-Count\\\" must be a whole number from -2147483648 to 2147483647.")
                .doesNotContain("secret");
    }

    @Test
    void aComponentThatNoTextCanBeStopsTheStart() {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Impossible.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Impossible.get takes")
                .hasMessageContaining("from header fields, but has components that no text can be");
    }
}
