package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records from JSON whose constructors use their components.
class WholeRecordTest {
    record Address(String street) {
        Address {
            street = street.strip();
        }
    }

    record Guest(String name, int age, Address home, List<Address> others) {
        Guest {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A guest has a name.");
            }
            others = List.copyOf(others);
        }
    }

    static final class Guests {
        String post(Guest guest) {
            return guest.toString();
        }

        String put(Request request) {
            return request.json(Guest.class).toString();
        }
    }

    record Loose(
            Optional<String> note,
            @Nullable String owner,
            OptionalInt age,
            List<@Nullable String> lines,
            Map<String, Object> more) {}

    static final class Loosely {
        String post(Loose loose) {
            return loose.toString();
        }
    }

    @SuppressWarnings("NullAway") // which would have found the fault
    record Faulty(String name, @Nullable String owner) {
        Faulty {
            name = name + owner.strip();
        }
    }

    static final class Faults {
        String post(Faulty faulty) {
            return faulty.name();
        }
    }

    private final Client client = Client.of(WebApplication.of(
            Rule.of("/guests", Guests.class), Rule.of("/loose", Loosely.class), Rule.of("/faults", Faults.class)));

    private TestResponse post(String path, String json) {
        return client.post(path)
                .header("Accept", "application/json")
                .body(json.getBytes(StandardCharsets.UTF_8), "application/json")
                .send();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/name           | {'age': 1, 'home': {'street': 's'}, 'others': []}",
                "/name           | {'name': null, 'age': 1, 'home': {'street': 's'}, 'others': []}",
                "/age            | {'name': 'x', 'home': {'street': 's'}, 'others': []}",
                "/age            | {'name': 'x', 'age': null, 'home': {'street': 's'}, 'others': []}",
                "/home           | {'name': 'x', 'age': 1, 'others': []}",
                "/home/street    | {'name': 'x', 'age': 1, 'home': {}, 'others': []}",
                "/home/street    | {'name': 'x', 'age': 1, 'home': {'street': null}, 'others': []}",
                "/others         | {'name': 'x', 'age': 1, 'home': {'street': 's'}}",
                "/others/0       | {'name': 'x', 'age': 1, 'home': {'street': 's'}, 'others': [null]}",
                "/others/1/street| {'name': 'x', 'age': 1, 'home': {'street': 's'}, 'others': [{'street': 's'}, {}]}"
            })
    void whatIsMissingIsNamedBeforeTheConstructorMissesIt(String pointer, String json) {
        String body = json.replace('\'', '"');
        TestResponse response = post("/guests", body);
        TestResponse byHand = client.put("/guests")
                .header("Accept", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8), "application/json")
                .send();

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.json(Object.class))
                .extracting("detail")
                .isEqualTo("The request has no value at " + pointer + ".");
        assertThat(byHand.body()).isEqualTo(response.body());
    }

    @Test
    void aWholeRecordComesThrough() {
        assertThat(post("/guests", """
                                {"name": "Ada", "age": 1, "home": {"street": " a "}, "others": [{"street": "b "}]}
                                """).text())
                .isEqualTo("Guest[name=Ada, age=1, home=Address[street=a], others=[Address[street=b]]]");
    }

    @Test
    void whatTheConstructorRefusesIsSaid() {
        TestResponse refused = post("/guests", """
                {"name": " ", "age": 1, "home": {"street": "a"}, "others": []}
                """);

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json(Object.class)).extracting("detail").isEqualTo("A guest has a name.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lines\": [null], \"more\": {\"a\": null}}",
                "{\"note\": null, \"owner\": null, \"age\": null, \"lines\": [null], \"more\": {\"a\": null}}"
            })
    void whatMayBeNullMayBeMissing(String json) {
        assertThat(post("/loose", json).text())
                .isEqualTo(
                        "Loose[note=Optional.empty, owner=null, age=OptionalInt.empty, lines=[null], more={a=null}]");
    }

    /// As when the values come from a form.
    @Test
    void aFaultOfTheConstructorIsNotTheClients() {
        assertThat(post("/faults", "{\"name\": \"a\", \"owner\": \"b\"}").text())
                .isEqualTo("ab");
        assertThat(post("/faults", "{\"owner\": \"b\"}").code()).isEqualTo(422);
        assertThatThrownBy(() -> post("/faults", "{\"name\": \"a\"}"))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("owner");
        assertThatThrownBy(() -> client.post("/faults").form("name", "a").send())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("owner");
    }

    static final class Remembers {
        String get(Request request) {
            Session session = Session.of(request.environ());
            session.put("guest", Map.of("name", "Ada"));
            return session.get("guest", Guest.class).toString();
        }
    }

    @Test
    void aSessionThatLacksAValueIsNotTheClientsFaultEither() {
        Client sessions = Client.of(
                Sessions.signed("a key for the tests only").wrap(WebApplication.of(Rule.of("/", Remembers.class))));

        assertThatThrownBy(() -> sessions.get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the session's \"guest\" is no Guest")
                .hasMessageContaining("no value at /age");
    }
}
