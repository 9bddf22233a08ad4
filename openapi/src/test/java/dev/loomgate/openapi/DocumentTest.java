package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.examples.guestbook.GuestBook;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class DocumentTest {
    private static final Json SHOP = Json.of(Shop.openApi().document());

    private static OpenAPI accepted(OpenApi openApi) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser()
                .readContents(new String(openApi.document(), StandardCharsets.UTF_8), null, options);
        assertThat(result.getMessages()).isEmpty();
        return result.getOpenAPI();
    }

    static OpenApi guestBook() {
        return OpenApi.of(GuestBook.pages(Path.of("nowhere"), "welcome"))
                .withTitle("Guest book")
                .withOperation("POST", "/sign", details -> details.withAnswer(303, "To the entries"))
                .withOperation("GET", "/", details -> details.withSummary("All entries")
                        .withAnswer(200, "A page", "text/html"));
    }

    @Test
    void aParserAcceptsTheGuestBook() {
        OpenAPI document = accepted(guestBook());

        assertThat(document.getPaths().keySet()).containsExactly("/", "/picture/{id}", "/sign", "/login", "/logout");
        assertThat(document.getPaths().get("/sign").getPost().getRequestBody().getContent())
                .containsOnlyKeys("multipart/form-data");
        assertThat(document.getPaths()
                        .get("/")
                        .getGet()
                        .getResponses()
                        .get("200")
                        .getContent())
                .containsOnlyKeys("text/html");
    }

    @Test
    void aParserAcceptsEveryKindOfParameter() {
        OpenAPI document = accepted(Shop.openApi());

        assertThat(document.getInfo().getTitle()).isEqualTo("Shop & <more>");
        assertThat(document.getPaths()).hasSize(9);
        assertThat(document.getComponents().getSecuritySchemes()).containsOnlyKeys("token", "session");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/items/{id} | get | 0 | path | {type=integer, format=int64, minimum=1}",
                "/wiki/{page}/{view} | get | 0 | path | {type=string}",
                "/wiki/{page}/{view} | get | 1 | path | {type=string, enum=[edit, history]}",
                "/user/{id} | get | 0 | path | {type=string, format=uuid}",
                "/near/{latitude}/{longitude} | get | 0 | path | {type=number, format=double, minimum=0.0}",
                "/near/{latitude}/{longitude} | get | 1 | path | {type=number, format=double, maximum=180.0}",
                "/items | get | 0 | query | {type=integer, format=int32, minimum=1, maximum=100}",
                "/items | get | 1 | query | {type=array, items={$ref=#/components/schemas/Colour}}",
                "/items | get | 2 | query | {type=boolean}",
                "/items | get | 3 | query | {type=string, pattern=^(?:[a-z]+)$}",
                "/items | get | 4 | header | {type=string}",
                "/items | get | 5 | header | {type=string, format=uuid}",
            })
    void parametersHaveTheirSchemas(String path, String method, int index, String place, String schema) {
        String at = "/paths/" + path.replace("/", "~1") + "/" + method + "/parameters/" + index;

        assertThat(SHOP.at(at + "/in")).isEqualTo(place);
        assertThat(SHOP.at(at + "/schema")).hasToString(schema);
    }

    @Test
    void aQueryNeedsWhatHasNoOtherMeaningWhereItIsMissing() {
        List<?> parameters = (List<?>) SHOP.at("/paths/~1items/get/parameters");

        assertThat(parameters).extracting("required").containsExactly(false, false, false, true, true, false);
        // "Authorization" is a matter of security schemes.
        assertThat(parameters)
                .extracting("name")
                .endsWith("User-Agent", "X-Request-Id")
                .hasSize(6);
    }

    /// Rules that only differ in the names of their variables are one path.
    @Test
    void rulesOfOneShapeShareAPath() {
        assertThat((Map<?, ?>) SHOP.at("/paths/~1user~1{id}")).hasSize(2);
        assertThat(SHOP.at("/paths/~1user~1{id}/post/parameters/0"))
                .hasToString("{name=id, in=path, required=true, schema={type=string, maxLength=2, minLength=2}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/paths/~1items/get/responses | {200, 400}",
                "/paths/~1items/post/responses | {2XX, 400, 413, 415, 422}",
                "/paths/~1items~1{id}/get/responses | {200, 404}",
                "/paths/~1items~1{id}/put/responses | {200, 400, 404, 413, 415, 422}",
                "/paths/~1items~1{id}/delete/responses | {204, 404}",
                "/paths/~1photos/post/responses | {400, 413, 415, 422, default}",
                "/paths/~1photos/get/responses/200/content | {application/octet-stream}",
                "/paths/~1orders/post/responses/200/content | {text/plain}",
                "/paths/~1orders/post/requestBody/content"
                        + " | {application/json, application/x-www-form-urlencoded, multipart/form-data}",
                "/paths/~1baskets/patch/requestBody/content | {application/json}",
                "/paths/~1photos/post/requestBody/content | {multipart/form-data}",
                "/paths/~1user~1{id}/get/responses | {200, 404, 410}",
                "/components/responses | {BadRequest, NotFound, RequestEntityTooLarge, UnprocessableEntity,"
                        + " UnsupportedMediaType}",
            })
    void answersAndBodiesAreThoseOfTheTypes(String pointer, String members) {
        assertThat(((Map<?, ?>) SHOP.at(pointer))
                        .keySet().stream().map(String::valueOf).sorted().toList())
                .hasToString(members.replace('{', '[').replace('}', ']'));
    }

    @Test
    void anErrorIsAProblem() {
        assertThat(SHOP.at("/components/responses/NotFound/content"))
                .hasToString("{application/problem+json={schema={$ref=#/components/schemas/Problem}}}");
        assertThat(SHOP.at("/components/schemas/Problem/required"))
                .isEqualTo(List.of("type", "title", "status", "detail", "instance"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | {type=string, maxLength=40, minLength=1, pattern=\\S, description=As it is shown, examples=[Cup]}",
                "price | {type=number, exclusiveMinimum=0}",
                "colours | {type=array, items={$ref=#/components/schemas/Colour}, minItems=1, maxItems=3,"
                        + " examples=[[RED]]}",
                "until | {type=[string, null], format=date}",
                "insteadOf | {anyOf=[{$ref=#/components/schemas/Shop.Item}, {type=null}]}",
                "stock | {type=object, additionalProperties={type=integer, format=int32}}",
            })
    void componentsHaveTheirSchemas(String component, String schema) {
        Map<?, ?> expected = (Map<?, ?>) SHOP.at("/components/schemas/Shop.Item/properties/" + component);

        assertThat(new TreeMap<>(expected)).hasToString(sorted(schema));
    }

    // The order of keywords means nothing.
    private static String sorted(String schema) {
        List<String> members = new ArrayList<>();
        int depth = 0;
        StringBuilder member = new StringBuilder();
        for (char c : schema.substring(1, schema.length() - 1).toCharArray()) {
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                members.add(member.toString().strip());
                member.setLength(0);
            } else {
                member.append(c);
            }
        }
        members.add(member.toString().strip());
        return "{" + String.join(", ", members.stream().sorted().toList()) + "}";
    }

    @Test
    void namesTellTypesApart() {
        assertThat(((Map<?, ?>) SHOP.at("/components/schemas"))
                        .keySet().stream().map(String::valueOf))
                .contains("Shop.Item", "other.Item", "Page-Shop.Item", "Colour", "Order", "Cash", "Card")
                .doesNotContain("Item");
        assertThat(SHOP.at("/paths/~1other/get/responses/200/content/application~1json/schema/$ref"))
                .isEqualTo("#/components/schemas/other.Item");
    }

    @Test
    void theLogTellsOfAnOperationThatIsTheSameAsAnother() {
        OpenApi openApi = OpenApi.of(
                WebApplication.of(Route.get("/user/<int:id>", _ -> ""), Route.get("/user/<name>", (_, name) -> name)));

        try (LogLines log = LogLines.of("dev.loomgate.openapi")) {
            assertThat(accepted(openApi).getPaths()).containsOnlyKeys("/user/{id}");
            assertThat(log.lines())
                    .containsExactly("OpenApi: GET /user/<name> is not in the document, where it would be the same as"
                            + " /user/<int:id>");
        }
    }

    @Test
    void operationsHaveReadableIdsOfTheirOwn() {
        WebApplication application = WebApplication.of(
                Route.get("/", _ -> ""),
                Route.get("/a-b/<int:id>", _ -> ""),
                Route.get("/a/b/<int:id>", _ -> ""),
                Route.get("/v<int:major>.<int:minor>/", _ -> ""));

        assertThat(accepted(OpenApi.of(application)).getPaths().values())
                .extracting(path -> path.getGet().getOperationId())
                .containsExactly("getRoot", "getABById", "getABById2", "getVByMajorByMinor");
    }

    @Test
    void whatIsSaidOfAnOperationIsThere() {
        assertThat(SHOP.at("/paths/~1items/get/summary")).isEqualTo("Looks for items");
        assertThat(SHOP.at("/paths/~1items/get/security")).isEqualTo(List.of());
        assertThat(SHOP.at("/paths/~1items/get/tags")).isEqualTo(List.of("items"));
        assertThat(SHOP.at("/paths/~1user~1{id}/get/operationId")).isEqualTo("findUser");
        assertThat(SHOP.at("/paths/~1other/get/deprecated")).isEqualTo(true);
        assertThat(accepted(Shop.openApi().withOperation("POST", "/orders", OperationDetails::asHidden))
                        .getPaths())
                .doesNotContainKey("/orders");
    }

    @Test
    void anOperationThatIsNotThereIsAnError() {
        OpenApi openApi = OpenApi.of(WebApplication.of(Route.get("/a", _ -> "")));

        assertThatThrownBy(() -> openApi.withOperation("POST", "/a", details -> details))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OpenApi: withOperation: nothing answers POST /a; there are GET /a");
    }

    record WrongExample(@Description(example = "many") int count) {}

    @Test
    void anExampleThatIsNoneOfItsTypeIsAnErrorAtTheStart() {
        OpenApi openApi =
                OpenApi.of(WebApplication.of(Route.post("/a", WrongExample.class, (_, value) -> "" + value.count())));

        assertThatThrownBy(openApi::document)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the example of " + WrongExample.class.getName() + ".count is no JSON: many");
    }
}
