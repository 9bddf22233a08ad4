package dev.loomgate.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.resources.FromHeaders;
import dev.loomgate.toolkit.resources.ResourceError;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients are told of records with annotations.
class JakartaValidatorTest {
    record Order(
            @NotBlank @Size(max = 10) String customer,
            @NotEmpty List<@Valid Item> items,
            Optional<@Email String> mail,
            Optional<@Valid Note> note,
            @Valid Optional<Map<String, @Valid Item>> extras,
            Optional<Set<@Min(3) Integer>> sizes) {}

    record Item(
            @Pattern(regexp = "[a-z]+", message = "only has small letters")
            String article,

            @Min(1) @Max(99) int count) {
        Item {
            if (article.equals("bomb")) {
                throw new IllegalArgumentException("We sell no bombs.");
            }
        }
    }

    record Note(
            @JsonProperty("the/text") @NotBlank String text,
            @DecimalMin("0.5") BigDecimal weight) {}

    record Sign(@Size(max = 3) String name, @Size(min = 2) List<@NotBlank String> tag) {}

    record Search(@Min(1) int page) {}

    record Place(@Min(10) long shelf, String book) {}

    @FromHeaders
    record Caller(@Size(max = 8) String userAgent, Optional<@Min(1) Integer> xRetryCount) {}

    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = InOrder.class)
    @interface Ordered {
        String message() default "has its end before its beginning";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    public static final class InOrder implements ConstraintValidator<Ordered, Span> {
        @Override
        public boolean isValid(Span span, ConstraintValidatorContext context) {
            return span.from() <= span.to();
        }
    }

    @Ordered
    record Span(int from, int to) {}

    record Spans(List<@Valid Span> spans) {}

    private final Client client = Client.of(WebApplication.of(
                    Route.post("/order", Order.class, (_, order) -> order),
                    Route.post("/hand", request -> request.json(Item.class)),
                    Route.post("/own", request -> own(request, new Item("A", 0))),
                    Route.post("/sign", Sign.class, (_, sign) -> sign),
                    Route.post("/span", Span.class, (_, span) -> span),
                    Route.post("/spans", Spans.class, (_, spans) -> spans),
                    Route.get("/search", Search.class, (_, search) -> search),
                    Route.get("/search/by", Caller.class, Search.class, (_, caller, search) -> caller + " " + search),
                    Route.get("/place/<int:shelf>/<book>", Place.class, (_, place) -> place))
            .withValidator(JakartaValidator.create().inLanguages("en", "de")));

    private static List<Object> own(Request request, Record made) {
        return List.copyOf(request.violations(made));
    }

    private TestResponse json(String path, String json) {
        return client.post(path)
                .body(json.getBytes(StandardCharsets.UTF_8), "application/json")
                .send();
    }

    record Told(Optional<String> pointer, Optional<String> field, String message) {
        @Override
        public String toString() {
            return pointer.or(() -> field).orElseThrow() + ": " + message;
        }
    }

    record Problem(String detail, List<Told> errors) {}

    private static String errors(TestResponse response) {
        return response.json(Problem.class).errors().stream()
                .map(Told::toString)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void whatIsRightGoesThrough() {
        assertThat(json("/order", """
                        {"customer": "Ada", "items": [{"article": "tea", "count": 1}], "mail": "a@b.org"}""").code()).isEqualTo(200);
    }

    @Test
    void allThatIsWrongInJsonIsToldAtItsPointer() {
        TestResponse response = json("/order", """
                {"customer": "Ada Lovelace", "mail": "nobody", "note": {"the/text": " ", "weight": 0.1},
                 "items": [{"article": "tea", "count": 1}, {"article": "tea", "count": 0}, {"article": "X", "count": 100}],
                 "extras": {"a/b": {"article": "tea", "count": 0}}, "sizes": [4, 2]}""");

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.header("Content-Type")).contains("application/problem+json");
        assertThat(errors(response)).isEqualTo("""
                /customer: size must be between 0 and 10
                /extras/a~1b/count: must be greater than or equal to 1
                /items/1/count: must be greater than or equal to 1
                /items/2/article: only has small letters
                /items/2/count: must be less than or equal to 99
                /mail: must be a well-formed email address
                /note/the~1text: must not be blank
                /note/weight: must be greater than or equal to 0.5
                /sizes: must be greater than or equal to 3""");
        assertThat(response.json(Problem.class).detail())
                .contains("/items/1/count: must be greater than or equal to 1\n");
    }

    @Test
    void aRecordItselfMayBeWrong() {
        assertThat(errors(json("/span", "{\"from\": 2, \"to\": 1}"))).isEqualTo(": has its end before its beginning");
        assertThat(errors(json("/spans", "{\"spans\": [{\"from\": 1, \"to\": 1}, {\"from\": 2, \"to\": 1}]}")))
                .isEqualTo("/spans/1: has its end before its beginning");
    }

    @Test
    void constructorsComeFirst() {
        TestResponse response =
                json("/order", "{\"customer\": \" \", \"items\": [{\"article\": \"bomb\", \"count\": 0}]}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(errors(response)).isEqualTo("/items/0: We sell no bombs.");
    }

    @Test
    void jsonThatAProgramReadsByHandIsValidatedToo() {
        assertThat(errors(json("/hand", "{\"article\": \"tea\", \"count\": 0}")))
                .isEqualTo("/count: must be greater than or equal to 1");
    }

    @Test
    void aProgramMayAskAboutARecordOfItsOwn() {
        assertThat(client.post("/own").send().text())
                .isEqualTo("[{\"path\":[\"article\"],\"message\":\"only has small letters\"},"
                        + "{\"path\":[\"count\"],\"message\":\"must be greater than or equal to 1\"}]");
    }

    @Test
    void aFormIsToldByItsFields() {
        TestResponse response = client.post("/sign")
                .header("Accept", "application/json")
                .form("name", "Anna", "tag", "")
                .send();

        assertThat(response.code()).isEqualTo(422);
        assertThat(errors(response)).isEqualTo("""
                name: size must be between 0 and 3
                tag: size must be between 2 and 2147483647
                tag: must not be blank""");
    }

    @Test
    void aBrowserSeesAPage() {
        TestResponse response = client.post("/sign")
                .header("Accept", "text/html")
                .form("name", "Anna", "tag", "a", "tag", "b")
                .send();

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.text()).contains("name: size must be between 0 and 3");
    }

    @Test
    void queriesAndHeaderFieldsAreBadRequests() {
        TestResponse query = client.get("/search?page=0")
                .header("Accept", "application/json")
                .send();
        TestResponse headers = client.get("/search/by?page=1")
                .header("User-Agent", "Mozilla/5.0")
                .header("X-Retry-Count", "0")
                .header("Accept", "application/json")
                .send();

        assertThat(query.code()).isEqualTo(400);
        assertThat(errors(query)).isEqualTo("page: must be greater than or equal to 1");
        assertThat(headers.code()).isEqualTo(400);
        assertThat(errors(headers)).isEqualTo("""
                User-Agent: size must be between 0 and 8
                X-Retry-Count: must be greater than or equal to 1""");
    }

    @Test
    void aPathThatIsRefusedIsNoSuchUrl() {
        assertThat(client.get("/place/10/tea").send().code()).isEqualTo(200);
        assertThat(client.get("/place/9/tea").send().code()).isEqualTo(404);
    }

    static final class Limited {
        String get(@Min(1) long id) {
            return "item " + id;
        }
    }

    @Test
    void aConstraintThatWouldMeanNothingStopsTheStart() {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<int:id>", Limited.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Limited.get: @Min on its parameter id would mean nothing")
                .hasMessageContaining("<int(min=1):id>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            de-AT, de;q=0.9, en;q=0.5 | muss größer-gleich 1 sein
            de-AT | muss größer-gleich 1 sein
            en, de;q=0.9 | must be greater than or equal to 1
            fr              | must be greater than or equal to 1
            ''              | must be greater than or equal to 1
            """)
    void messagesAreInTheLanguageThatSuitsBest(String accepted, String message) {
        TestResponse response = client.get("/search?page=0")
                .header("Accept", "application/json")
                .header("Accept-Language", accepted)
                .send();

        assertThat(errors(response)).isEqualTo("page: " + message);
    }

    @Test
    void aLanguageThatIsNoneIsRefused() {
        JakartaValidator validator = JakartaValidator.create();

        assertThatThrownBy(() -> validator.inLanguages("en", "??"))
                .hasMessage("inLanguages: \"??\" is no language, such as \"en\"");
        assertThatThrownBy(validator::inLanguages).hasMessage("inLanguages: no language is given");
    }

    @Test
    void ofManyErrorsTwentyAreTold() {
        String items = IntStream.range(0, 50_000)
                .mapToObj(_ -> "{\"article\": \"tea\", \"count\": 0}")
                .collect(Collectors.joining(","));

        TestResponse response = json("/order", "{\"customer\": \"Ada\", \"items\": [" + items + "]}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(errors(response).lines())
                .hasSize(20)
                .allMatch(line -> line.endsWith("/count: must be greater than or equal to 1"));
    }
}
