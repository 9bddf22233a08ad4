package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.BadRequestKeyError;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.MethodNotAllowed;
import dev.loomgate.toolkit.exceptions.RequestedRangeNotSatisfiable;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.exceptions.TooManyRequests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class ResponseVectorsTest {
    @Test
    void errorPagesAreTheSameBytes() {
        Vectors.replay("exception", 200, question -> answer(exception(question), question));
    }

    private static HttpException exception(JsonNode question) {
        String name = question.get("class").asString();
        if (name.equals("BadRequestKeyError")) {
            return new BadRequestKeyError("key");
        }
        JsonNode arguments = question.path("arguments");
        if (arguments.has("valid_methods")) {
            List<String> methods = new ArrayList<>();
            arguments.get("valid_methods").forEach(method -> methods.add(method.asString()));
            return new MethodNotAllowed(methods);
        }
        if (arguments.has("length")) {
            return new RequestedRangeNotSatisfiable(arguments.get("length").asLong());
        }
        if (arguments.has("retry_after")) {
            Duration after = Duration.ofSeconds(arguments.get("retry_after").asLong());
            return name.equals("TooManyRequests") ? new TooManyRequests(after) : new ServiceUnavailable(after);
        }
        int code = Objects.requireNonNull(CODES.get(name), name);
        return arguments.has("description")
                ? HttpException.of(code, arguments.get("description").asString())
                : HttpException.of(code);
    }

    @Test
    void responsesAreSentAsWerkzeugSendsThem() {
        Vectors.replay("response", 120, question -> answer(response(question), question));
    }

    private static Response response(JsonNode question) {
        JsonNode redirect = question.path("redirect");
        if (redirect.isArray()) {
            return Response.redirect(redirect.get(0).asString(), redirect.get(1).asInt());
        }
        String body = question.get("body").asString();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Response response = question.path("streamed").asBoolean(false)
                ? Response.chunks("text/plain", List.of(bytes))
                : new Response(body);
        JsonNode arguments = question.path("arguments");
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            JsonNode value = argument.getValue();
            switch (argument.getKey()) {
                case "status" -> response.status(value.asInt());
                case "mimetype" -> response.mimetype(value.asString());
                case "content_type" -> response.header("Content-Type", value.asString());
                case "headers" -> {
                    // Werkzeug is given them first, so they stand before what it adds.
                    Headers own = response.headers().copy();
                    own.forEach((name, _) -> response.headers().remove(name));
                    value.forEach(header -> response.addHeader(
                            header.get(0).asString(), header.get(1).asString()));
                    own.forEach(response::addHeader);
                }
                default -> throw new IllegalArgumentException(argument.getKey());
            }
        }
        return response;
    }

    private static JsonNode answer(Application application, JsonNode question) {
        ObjectNode answer = Vectors.JSON.createObjectNode();
        ArrayNode fields = Vectors.JSON.createArrayNode();
        try (Body body = application.call(
                Environs.of(question.path("method").asString("GET"), new byte[0]), (status, headers, _) -> {
                    answer.put("code", status.code());
                    headers.forEach((name, value) -> fields.addArray().add(name).add(value));
                })) {
            answer.set("headers", fields);
            StringBuilder text = new StringBuilder();
            switch (body) {
                case Body.Bytes bytes -> text.append(new String(bytes.content(), StandardCharsets.UTF_8));
                case Body.Chunks chunks ->
                    chunks.chunks().forEachRemaining(chunk -> text.append(new String(chunk, StandardCharsets.UTF_8)));
                default -> throw new IllegalArgumentException(body.toString());
            }
            return answer.put("body", text.toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("BadRequest", 400),
            Map.entry("Unauthorized", 401),
            Map.entry("Forbidden", 403),
            Map.entry("NotFound", 404),
            Map.entry("MethodNotAllowed", 405),
            Map.entry("NotAcceptable", 406),
            Map.entry("RequestTimeout", 408),
            Map.entry("Conflict", 409),
            Map.entry("Gone", 410),
            Map.entry("LengthRequired", 411),
            Map.entry("PreconditionFailed", 412),
            Map.entry("RequestEntityTooLarge", 413),
            Map.entry("RequestURITooLarge", 414),
            Map.entry("UnsupportedMediaType", 415),
            Map.entry("RequestedRangeNotSatisfiable", 416),
            Map.entry("ExpectationFailed", 417),
            Map.entry("ImATeapot", 418),
            Map.entry("MisdirectedRequest", 421),
            Map.entry("UnprocessableEntity", 422),
            Map.entry("Locked", 423),
            Map.entry("FailedDependency", 424),
            Map.entry("PreconditionRequired", 428),
            Map.entry("TooManyRequests", 429),
            Map.entry("RequestHeaderFieldsTooLarge", 431),
            Map.entry("UnavailableForLegalReasons", 451),
            Map.entry("InternalServerError", 500),
            Map.entry("NotImplemented", 501),
            Map.entry("BadGateway", 502),
            Map.entry("ServiceUnavailable", 503),
            Map.entry("GatewayTimeout", 504),
            Map.entry("HTTPVersionNotSupported", 505));
}
