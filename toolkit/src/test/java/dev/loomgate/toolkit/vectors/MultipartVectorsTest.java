package dev.loomgate.toolkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.syntax.Filenames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class MultipartVectorsTest {
    @Test
    void formsAreTakenApartAsWerkzeugDoesHoweverTheyAreCut() {
        Vectors.replay("multipart", 1000, MultipartVectorsTest::cutEverywhere);
    }

    @Test
    void limitsAreKeptAsInWerkzeug() {
        Vectors.replay("form.limits", 40, MultipartVectorsTest::limited);
    }

    /// What the form is when it comes whole: asserts that it is the same byte by byte, and in two pieces, wherever
    /// it is cut.
    static JsonNode cutEverywhere(JsonNode question) {
        return cut(question, 1);
    }

    /// The same, cut at some places only.
    static JsonNode cutHereAndThere(JsonNode question) {
        return cut(question, 17);
    }

    private static JsonNode cut(JsonNode question, int step) {
        byte[] body = body(question.get("body"));
        String type =
                "multipart/form-data; boundary=\"" + question.get("boundary").asString() + '"';
        JsonNode whole = parsed(type, new ByteArrayInputStream(body));
        assertThat(parsed(type, cut(body, _ -> 1))).isEqualTo(whole);
        IntStream.iterate(1, place -> place < Math.min(body.length, 1500), place -> place + step)
                .forEach(place -> assertThat(parsed(type, cut(body, at -> at < place ? place - at : body.length)))
                        .as("cut at %d: %s", place, question)
                        .isEqualTo(whole));
        return whole;
    }

    private static JsonNode parsed(String type, InputStream body) {
        ObjectNode answer = ask(type, body, Limits.DEFAULT);
        return switch (answer.path("code").asInt(200)) {
            case 200 -> answer;
            case 400 -> Vectors.JSON.createObjectNode().put("malformed", true);
            case 413 -> Vectors.JSON.createObjectNode().put("too_large", true);
            default -> throw new AssertionError(answer);
        };
    }

    /// The bytes in pieces: `size` says how many come at once from a place.
    private static InputStream cut(byte[] body, IntFunction<Integer> size) {
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                return at == body.length ? -1 : body[at++] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (at == body.length) {
                    return -1;
                }
                int count = Math.min(Math.min(size.apply(at), body.length - at), length);
                System.arraycopy(body, at, bytes, offset, count);
                at += count;
                return count;
            }
        };
    }

    static JsonNode limited(JsonNode question) {
        byte[] body = body(question.get("body"));
        Limits limits = Limits.DEFAULT
                .withBodyBytes(question.path("body_bytes").asLong(Long.MAX_VALUE))
                .withFormMemoryBytes(question.path("form_memory_bytes").asLong(500_000))
                .withFormParts(question.path("form_parts").asInt(1000));
        Environ environ = environ(question.get("type").asString(), new ByteArrayInputStream(body));
        if (question.path("announced").asBoolean(true)) {
            environ.put("CONTENT_LENGTH", Integer.toString(body.length));
        }
        return ask(new Request(environ, limits));
    }

    private static ObjectNode ask(String type, InputStream body, Limits limits) {
        return ask(new Request(environ(type, body), limits));
    }

    private static Environ environ(String type, InputStream body) {
        Environ environ = Environs.of("POST", new byte[0]);
        environ.put("CONTENT_TYPE", type);
        environ.put("wsgi.input", body);
        return environ;
    }

    private static ObjectNode ask(Request request) {
        ObjectNode answer = Vectors.JSON.createObjectNode();
        try (request) {
            ArrayNode form = Vectors.JSON.createArrayNode();
            ArrayNode files = Vectors.JSON.createArrayNode();
            request.form()
                    .toMap()
                    .forEach((name, values) ->
                            values.forEach(value -> form.addArray().add(name).add(brief(value))));
            for (Map.Entry<String, List<UploadedFile>> named :
                    request.files().toMap().entrySet()) {
                for (UploadedFile file : named.getValue()) {
                    files.addObject()
                            .put("name", named.getKey())
                            .put("filename", file.filename())
                            .put("mimetype", file.mimetype())
                            .put("body", brief(Base64.getEncoder().encodeToString(file.bytes())));
                }
            }
            answer.set("form", form);
            answer.set("files", files);
        } catch (HttpException e) {
            answer.put("code", e.code());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer;
    }

    private static String brief(String text) {
        return text.length() < 500 ? text : text.codePointCount(0, text.length()) + " characters";
    }

    private static byte[] body(JsonNode packed) {
        if (packed.isString()) {
            return Base64.getDecoder().decode(packed.asString());
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (JsonNode piece : packed) {
            byte[] text = Base64.getDecoder().decode(piece.get(0).asString());
            for (int i = 0; i < piece.get(1).asInt(); i++) {
                body.writeBytes(text);
            }
        }
        return body.toByteArray();
    }

    @Test
    void fileNamesAreMadeSafeAsInWerkzeug() {
        Vectors.replay("secure_filename", 25, MultipartVectorsTest::secured);
    }

    static JsonNode secured(JsonNode question) {
        return Vectors.JSON.valueToTree(Filenames.secure(question.asString()));
    }
}
