package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client is told of its input.
class InputErrorsTest {
    private static final String INT = "must be a whole number from -2147483648 to 2147483647, not ";

    enum Kind {
        CAT,
        @JsonProperty("big dog")
        DOG
    }

    record Street(String name, Optional<Integer> number) {
        Street {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A street has a name.");
            }
        }
    }

    record Pet(
            Optional<Integer> count,
            Optional<Boolean> tame,
            Optional<Kind> kind,
            Optional<String> note,
            Optional<List<Integer>> marks,
            Optional<Map<String, Integer>> counts,
            Optional<Map<Integer, String>> keys,
            Optional<double[]> weights,
            Optional<LocalDate> born,
            Optional<Street> home,
            Optional<List<Street>> others,
            Optional<Map<String, Street>> named) {}

    record Order(int count, Kind kind, List<Integer> marks, LocalDate day) {
        Order {
            if (count > 99) {
                throw new IllegalArgumentException("At most 99.");
            }
        }
    }

    record Renamed(
            @JsonProperty("number") int count,
            @JsonProperty("is-new") boolean fresh) {}

    static final class Pets {
        String post(Pet pet) {
            return pet.toString();
        }
    }

    static final class Orders {
        String get(Order order) {
            return order.toString();
        }

        String post(Order order) {
            return order.toString();
        }
    }

    static final class Renames {
        String post(Renamed renamed) {
            return renamed.toString();
        }
    }

    private static final WebApplication APPLICATION = WebApplication.of(
            Rule.of("/pets", Pets.class), Rule.of("/orders", Orders.class), Rule.of("/renamed", Renames.class));

    private final Client client = Client.of(APPLICATION);

    private static TestResponse post(Client client, String path, String json) {
        return client.post(path)
                .body(json.getBytes(StandardCharsets.UTF_8), "application/json")
                .send();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, String>> errors(TestResponse response) {
        return (List<Map<String, String>>)
                Objects.requireNonNull(problem(response).get("errors"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> problem(TestResponse response) {
        assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
        return (Map<String, Object>) response.json(Map.class);
    }

    private static String detail(TestResponse response) {
        return (String) Objects.requireNonNull(problem(response).get("detail"));
    }

    private static Map<String, String> at(String pointer, String message) {
        return Map.of("pointer", pointer, "message", message);
    }

    private static Map<String, String> of(String field, String message) {
        return Map.of("field", field, "message", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'count':1.9           | /count         | INT 1.9",
                "'count':'1'           | /count         | INT '1'",
                "'count':99999999999   | /count         | INT 99999999999",
                "'count':1e400         | /count         | INT 1e400",
                "'count':true          | /count         | INT true",
                "'count':{'a':[1]}     | /count         | INT an object",
                "'tame':1              | /tame          | must be true or false, not 1",
                "'tame':'true'         | /tame          | must be true or false, not 'true'",
                "'kind':'COW'          | /kind          | must be one of CAT, big dog, not 'COW'",
                "'kind':0              | /kind          | must be one of CAT, big dog, not 0",
                "'note':7              | /note          | must be text, not 7",
                "'note':true           | /note          | must be text, not true",
                "'note':['x']          | /note          | must be text, not a list",
                "'marks':[1,'2',3]     | /marks/1       | INT '2'",
                "'marks':7             | /marks         | must be a list, not 7",
                "'counts':{'a/b~c':''} | /counts/a~1b~0c| INT ''",
                "'keys':{'x':'y'}      | /keys          | must have as its keys a whole number from -2147483648 to"
                        + " 2147483647, not 'x'",
                "'weights':[1,'NaN']   | /weights/1     | must be a number of at most 1.8e308, not 'NaN'",
                "'weights':[1e400]     | /weights/0     | must be a number of at most 1.8e308, not 1e400",
                "'born':'2026-02-30'   | /born          | must be a date such as 2026-02-28, not '2026-02-30'",
                "'home':[]             | /home          | must be an object, not a list",
                "'home':{'name':'a','number':''} | /home/number | INT ''",
                "'others':[{'name':'a'},{'name':1}] | /others/1/name | must be text, not 1",
                "'named':{'x':{'name':[]}}          | /named/x/name  | must be text, not a list",
                "'count':1,'count':2   | /count         | must be there only once",
                "'counts':{'a':1,'a':2}| /counts/a      | must be there only once"
            })
    void aValueOfJsonThatDoesNotFitIsNamedByItsPointer(String members, String pointer, String message) {
        TestResponse response = post(client, "/pets", ("{" + members + "}").replace('\'', '"'));
        String said = message.replace("INT ", INT).replace('\'', '"');

        assertThat(response.code()).isEqualTo(400);
        assertThat(errors(response)).containsExactly(at(pointer, said));
        assertThat(problem(response)).containsEntry("detail", "The value at " + pointer + " " + said + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]   | must be an object, not a list",
                "7    | must be an object, not 7",
                "true | must be an object, not true"
            })
    void soIsTheWholeOfIt(String json, String message) {
        TestResponse response = post(client, "/pets", json);

        assertThat(errors(response)).containsExactly(at("", message));
        assertThat(problem(response)).containsEntry("detail", "The request's JSON " + message + ".");
    }

    @Test
    void severalErrorsAreToldAtOnce() {
        TestResponse wrong = post(client, "/orders", """
                {"count": "many", "kind": null, "marks": [1, null]}
                """);
        TestResponse missing = post(client, "/orders", "{\"marks\": [null]}");

        assertThat(wrong.code()).isEqualTo(400);
        assertThat(errors(wrong))
                .containsExactly(
                        at("/count", INT + "\"many\""),
                        at("/marks/1", "must have a value"),
                        at("/kind", "must have a value"),
                        at("/day", "must have a value"));
        assertThat(detail(wrong).lines()).hasSize(4).contains("The request has no value at /day.");
        assertThat(missing.code()).isEqualTo(422);
        assertThat(errors(missing)).hasSize(4);
    }

    @Test
    void recordsWithinAreRefusedByTheirConstructorsBesideTheOthers() {
        TestResponse response = post(client, "/pets", """
                {"home": {"name": " "}, "others": [{"name": "a"}, {"name": ""}, {"number": "1"}, 7], "count": 1}
                """);

        assertThat(response.code()).isEqualTo(400);
        assertThat(errors(response))
                .containsExactly(
                        at("/home", "A street has a name."),
                        at("/others/1", "A street has a name."),
                        at("/others/2/number", INT + "\"1\""),
                        at("/others/2/name", "must have a value"),
                        at("/others/3", "must be an object, not 7"));
        assertThat(detail(response)).startsWith("The value at /home is refused: A street has a name.\n");
    }

    @Test
    void ofARecordWithNamesOfJacksonsTheFirstIsTold() {
        assertThat(errors(post(client, "/renamed", "{\"number\": 1.5, \"is-new\": 1}")))
                .containsExactly(at("/number", INT + "1.5"));
        assertThat(post(client, "/renamed", "{\"number\": 1, \"is-new\": true}").code())
                .isEqualTo(200);
    }

    @Test
    void noMoreThanTwentyAreTold() {
        String streets = IntStream.range(0, 1_000).mapToObj(_ -> "{}").collect(Collectors.joining(","));

        TestResponse response = post(client, "/pets", "{\"others\":[" + streets + "]}");

        assertThat(errors(response)).hasSize(20).contains(at("/others/19/name", "must have a value"));
    }

    @Test
    void theFirstIsToldHoweverManyValuesAreBeforeIt() {
        String streets =
                IntStream.range(0, 5_000).mapToObj(_ -> "{\"name\":\"a\"}").collect(Collectors.joining(","));

        TestResponse response = post(client, "/pets", "{\"others\":[" + streets + ",{\"name\":7}]}");

        assertThat(errors(response)).containsExactly(at("/others/5000/name", "must be text, not 7"));
    }

    @Test
    void aLongValueIsCut() {
        TestResponse response = post(client, "/pets", "{\"count\":\"" + "x".repeat(10_000) + "\"}");
        TestResponse name = post(client, "/pets", "{\"counts\":{\"" + "x".repeat(10_000) + "\":\"y\"}}");

        assertThat(errors(response)).containsExactly(at("/count", INT + "\"" + "x".repeat(50) + "\u2026\""));
        assertThat(name.body().length).isLessThan(1_000);
    }

    @Test
    void aValueIsShownWithoutAnyMarkup() {
        TestResponse response = client.post("/pets")
                .header("Accept", "text/html")
                .body("{\"count\":\"<script>\"}".getBytes(StandardCharsets.UTF_8), "application/json")
                .send();

        assertThat(response.text()).contains("not &#34;&lt;script&gt;&#34;").doesNotContain("<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
    void otherEncodingsHaveTheFirst(String charset) {
        TestResponse response = client.post("/pets")
                .body("{\"count\":1.5,\"tame\":7}".getBytes(Charset.forName(charset)), "application/json")
                .send();

        assertThat(errors(response)).extracting(error -> error.get("pointer")).containsExactly("/count");
    }

    @Test
    void aByteOrderMarkIsNoMatter() {
        assertThat(errors(post(client, "/pets", "\ufeff{\"count\":1.5,\"tame\":7}")))
                .containsExactly(at("/count", INT + "1.5"), at("/tame", "must be true or false, not 7"));
    }

    @Test
    void whatIsMalformedBehindAFaultIsNoMatter() {
        assertThat(errors(post(client, "/pets", "{\"count\":1.5,\"tame\":")))
                .containsExactly(at("/count", INT + "1.5"));
        TestResponse malformed = post(client, "/pets", "{\"count\":1,\"tame\":");
        assertThat(problem(malformed)).doesNotContainKey("errors");
        assertThat(detail(malformed)).startsWith("The request's body is not valid JSON at line 1, column ");
    }

    @Test
    void unknownMembersAreErrorsIfTheApplicationSaysSo() {
        Client strict = Client.of(APPLICATION.withJsonInput(JsonCodec.knownMembersOnly()));
        String json = "{\"home\":{\"name\":\"a\",\"nunber\":1},\"tme\":{\"a\":[1]},\"count\":true}";

        assertThat(post(client, "/pets", json.replace("true", "1")).code()).isEqualTo(200);
        TestResponse refused = post(strict, "/pets", json);
        assertThat(refused.code()).isEqualTo(400);
        assertThat(errors(refused))
                .containsExactly(
                        at("/home/nunber", "is unknown: the members here are name, number"),
                        at(
                                "/tme",
                                "is unknown: the members here are count, tame, kind, note, marks, counts, keys, weights,"
                                        + " born, home, others, named"),
                        at("/count", INT + "true"));
        assertThat(errors(post(strict, "/renamed", "{\"number\":1,\"is-new\":true,\"fresh\":true}")))
                .extracting(error -> error.get("pointer"))
                .containsExactly("/fresh");
        assertThat(post(strict, "/renamed", "{\"number\":1,\"is-new\":true}").code())
                .isEqualTo(200);
    }

    @Test
    void aQueryAndAFormNameTheirFields() {
        TestResponse query = client.get("/orders?count=many&kind=cow&marks=1&marks=x&marks=y")
                .header("Accept", "application/json")
                .send();
        TestResponse form = client.post("/orders")
                .header("Accept", "application/json")
                .form("count", "99999999999", "kind", "cat", "day", "2026-02-30")
                .send();

        assertThat(query.code()).isEqualTo(400);
        assertThat(errors(query))
                .containsExactly(
                        of("count", INT + "\"many\""),
                        of("kind", "must be one of CAT, DOG, not \"cow\""),
                        of("marks", INT + "\"x\""),
                        of("marks", INT + "\"y\""),
                        of("day", "must have a value"));
        assertThat(detail(query)).endsWith("\nThe query has no value for \"day\".");
        assertThat(form.code()).isEqualTo(422);
        assertThat(errors(form))
                .containsExactly(
                        of("count", INT + "\"99999999999\""),
                        of("day", "must be a date such as 2026-02-28, not \"2026-02-30\""));
    }

    @Test
    void whatAConstructorRefusesIsAnErrorOfTheWhole() {
        String day = "2026-02-28";
        TestResponse form = client.post("/orders")
                .header("Accept", "application/json")
                .form("count", "100", "kind", "cat", "day", day)
                .send();
        TestResponse query = client.get("/orders?count=100&kind=cat&day=" + day)
                .header("Accept", "application/json")
                .send();
        TestResponse json =
                post(client, "/orders", "{\"count\":100,\"kind\":\"CAT\",\"marks\":[],\"day\":\"" + day + "\"}");

        assertThat(errors(form)).containsExactly(of("", "At most 99."));
        assertThat(form.code()).isEqualTo(422);
        assertThat(errors(query)).containsExactly(of("", "At most 99."));
        assertThat(query.code()).isEqualTo(400);
        assertThat(errors(json)).containsExactly(at("", "At most 99."));
        assertThat(json.code()).isEqualTo(422);
        assertThat(problem(json)).containsEntry("detail", "At most 99.");
    }
}
