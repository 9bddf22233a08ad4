package dev.loomgate.openapi;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.resources.FromHeaders;
import dev.loomgate.toolkit.resources.Result;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A program with every kind of parameter, input and answer.
final class Shop {
    private Shop() {}

    enum Colour {
        RED,
        GREEN
    }

    @Description("What is sold")
    record Item(
            @Description(value = "As it is shown", example = "Cup") @NotBlank @Size(max = 40)
            String name,

            @Positive BigDecimal price,

            @Description(example = "[\"RED\"]") @Size(min = 1, max = 3)
            List<Colour> colours,

            @Nullable LocalDate until,
            Optional<Item> insteadOf,
            Map<String, Integer> stock) {}

    record Page<T>(List<T> values, @Nullable Integer next) {}

    record Search(
            @Min(1) @Max(100) Optional<Integer> page,
            List<Colour> colour,
            boolean sold,
            @Pattern(regexp = "[a-z]+") String text) {}

    @FromHeaders
    record Caller(String userAgent, Optional<UUID> xRequestId, String authorization) {}

    record Order(@Email String customer, @Min(1) int pieces, Optional<String> note, boolean gift) {}

    record Photo(String title, UploadedFile file, List<UploadedFile> more) {}

    /// JSON alone: a form has no records in it.
    record Basket(List<Order> orders) {}

    sealed interface Payment {
        record Cash(BigDecimal amount) implements Payment {}

        record Card(String number) implements Payment {}
    }

    static final class Items {
        @Description("Looks for items")
        Page<Item> get(Search search, Caller caller) {
            return new Page<>(List.of(), null);
        }

        Result<Item> post(Item item) {
            return Result.of(item, 201);
        }
    }

    static final class OneItem {
        Optional<Item> get(long id) {
            return Optional.empty();
        }

        CompletionStage<Item> put(Item item, long id) {
            return CompletableFuture.completedStage(item);
        }

        void delete(long id) {}
    }

    static final class Orders {
        String post(Order order) {
            return order.customer();
        }
    }

    static final class Photos {
        Response post(Photo photo) {
            return Response.redirect("/");
        }

        byte[] get() {
            return new byte[0];
        }
    }

    static final class Baskets {
        List<Payment> patch(Basket basket) {
            return List.of();
        }
    }

    static WebApplication application() {
        return WebApplication.of(
                Rule.of("/items", Items.class),
                Rule.of("/items/<int(min=1):id>", OneItem.class),
                Rule.of("/orders", Orders.class),
                Rule.of("/photos", Photos.class),
                Rule.of("/baskets", Baskets.class),
                Route.get("/wiki/<path:page>/<any(edit, history):view>", request -> request.path()),
                Route.get("/user/<uuid:id>", UUID.class, (request, id) -> id.toString()),
                Route.post("/user/<string(length=2):country>", (request, country) -> country),
                Route.get("/near/<float:latitude>/<float(signed=True, max=180):longitude>", Request::path),
                Route.get("/other", _ -> Map.of()));
    }

    static OpenApi openApi() {
        return OpenApi.of(application())
                .withTitle("Shop & <more>")
                .withVersion("1.4")
                .withDescription("Sells *things*")
                .withSecurity("token", SecurityScheme.bearer("JWT"))
                .withSecurity("session", SecurityScheme.cookie("session"))
                .withOperation(
                        "GET", "/items", details -> details.withSecurity().withTags("items"))
                .withOperation("GET", "/user/<uuid:id>", details -> details.withId("findUser")
                        .withSummary("Finds a user")
                        .withAnswer(200, "The user", Order.class)
                        .withAnswer(410, "Gone"))
                .withOperation("GET", "/other", details -> details.withAnswer(
                                200, "Another item", dev.loomgate.openapi.other.Item.class)
                        .asDeprecated());
    }
}
