package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodyRecordTest {
    enum Kind {
        CAT,
        DOG
    }

    record Key(long id) {}

    record Pet(
            String name,
            int age,
            Kind kind,
            List<String> tags,
            Optional<String> note,
            @Nullable String owner) {
        Pet {
            if (age < 0) {
                throw new IllegalArgumentException("A pet's age is not negative.");
            }
        }
    }

    static final class Pets {
        Result<Pet> post(Pet pet) {
            return Result.of(pet, 201).withHeader("Location", "/pets/1");
        }

        String put(Key key, Pet pet) {
            return key.id() + " " + pet;
        }
    }

    record Photo(String title, UploadedFile photo, boolean shared) {}

    static final class Photos {
        String post(Photo photo) {
            return photo.title() + " " + photo.photo().size() + " " + photo.shared();
        }
    }

    private final Client client = Client.of(WebApplication.of(
            Rule.of("/pets", Pets.class).withMethods("POST"),
            Rule.of("/pets/<int:id>", Pets.class).withMethods("PUT"),
            Rule.of("/photos", Photos.class)));

    @Test
    void aRecordComesFromJson() {
        TestResponse response = client.post("/pets")
                .json(Map.of("name", "Mia", "age", 3, "kind", "CAT", "tags", List.of("x")))
                .send();

        assertThat(response.code()).isEqualTo(201);
        assertThat(response.header("Location")).isEqualTo("/pets/1");
        assertThat(response.header("Content-Type")).isEqualTo("application/json");
        assertThat(response.text()).contains("\"name\":\"Mia\"");
    }

    @Test
    void aRecordComesFromAForm() {
        assertThat(client.put("/pets/7")
                        .form("name", "Rex", "age", "4", "kind", "dog", "tags", "a", "tags", "b", "note", "n")
                        .send()
                        .text())
                .isEqualTo("7 Pet[name=Rex, age=4, kind=DOG, tags=[a, b], note=Optional[n], owner=null]");
    }

    @Test
    void filesAreComponentsToo() {
        assertThat(client.post("/photos")
                        .field("title", "sea")
                        .file("photo", "sea.png", "image/png", new byte[9])
                        .send()
                        .text())
                .isEqualTo("sea 9 false");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        Map<String, String[]> wrong = Map.of(
                "The request has no value for \"name\".", new String[] {"age", "1", "kind", "cat"},
                "The value for \"age\" must be a whole number from -2147483648 to 2147483647, not \"one\".",
                        new String[] {"name", "x", "age", "one", "kind", "cat"},
                "The value for \"kind\" must be one of CAT, DOG, not \"cow\".",
                        new String[] {"name", "x", "age", "1", "kind", "cow"},
                "A pet's age is not negative.", new String[] {"name", "x", "age", "-1", "kind", "cat"});
        wrong.forEach((message, form) -> {
            TestResponse response = client.post("/pets")
                    .header("Accept", "application/json")
                    .form(form)
                    .send();
            assertThat(response.code()).isEqualTo(422);
            assertThat(response.json(Object.class)).extracting("detail").isEqualTo(message);
        });
    }

    @Test
    void theSameHoldsForJson() {
        TestResponse missing = client.post("/pets")
                .json(Map.of("age", 3, "kind", "CAT", "tags", List.of()))
                .send();
        TestResponse refused = client.post("/pets")
                .json(Map.of("name", "x", "age", -3, "kind", "CAT", "tags", List.of()))
                .send();

        assertThat(missing.code()).isEqualTo(422);
        assertThat(missing.text()).contains("no value at /name");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("A pet's age is not negative.");
        assertThat(client.post("/pets")
                        .body(new byte[] {'x'}, "text/plain")
                        .send()
                        .code())
                .isEqualTo(415);
        assertThat(client.post("/pets")
                        .body(new byte[] {'x'}, "application/json")
                        .send()
                        .code())
                .isEqualTo(400);
    }

    record Half(long id, String text) {}

    static final class Halves {
        void put(Half half) {}
    }

    static final class Twice {
        void put(Pet pet, Photo photo) {}
    }

    record Nested(Pet pet) {}

    static final class Reads {
        String get(Nested nested) {
            return nested.pet().name();
        }
    }

    @Test
    void whatIsNeitherPathNorBodyStopsTheStart() {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<int:id>", Halves.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Halves.put takes a record of which rule /<int:id> has some components")
                .hasMessageContaining("not <text>");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Twice.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Twice.put takes two records that are none of the variables of rule /");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Reads.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Reads.get needs <pet>, which rule / doesn't have");
    }

    static final class Guarded {
        private final List<String> called = new ArrayList<>();

        @Nullable
        Response before(Request request, Key key) {
            called.add("before " + key.id());
            return request.authorization().isEmpty() ? new Response("who?", 401) : null;
        }

        String get() {
            called.add("get");
            return String.join(", ", called);
        }

        void after(Response response, Request request) {
            response.header("X-After", request.path() + " " + called.size());
        }
    }

    @Test
    void beforeAndAfterAreCalledOnTheSameInstance() {
        Client guarded = Client.of(WebApplication.of(Rule.of("/<int:id>", Guarded.class)));
        TestResponse refused = guarded.get("/3").send();
        TestResponse let = guarded.get("/3").header("Authorization", "Bearer x").send();

        assertThat(refused.code()).isEqualTo(401);
        assertThat(refused.header("X-After")).isEqualTo("/3 1");
        assertThat(let.text()).isEqualTo("before 3, get");
        assertThat(let.header("X-After")).isEqualTo("/3 2");
    }

    static final class WrongAfter {
        void get() {}

        void after(String text) {}
    }

    @Test
    void aWrongHookStopsTheStart() {
        assertThatThrownBy(() -> Resource.of(WrongAfter.class))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("WrongAfter.after takes a String");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Guarded.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("Guarded.before needs <id>, which rule / doesn't have");
    }

    @Test
    void theHooksOfApplicationsAreRun() throws Exception {
        List<String> called = new ArrayList<>();
        final class Hooked implements Application, Lifecycle {
            @Override
            public Body call(Environ environ, StartResponse startResponse) {
                return new Response("x").call(environ, startResponse);
            }

            @Override
            public void start() {
                called.add("start");
            }

            @Override
            public void stop() {
                called.add("stop");
            }
        }
        Hooked hooked = new Hooked();
        WebApplication application = WebApplication.of(Rule.of("/a", hooked), Rule.of("/b", hooked));

        application.start();
        application.stop();

        assertThat(called).containsExactly("start", "stop");
    }

    @Test
    void whatAnApplicationThrowsIsTheAnswerToo() {
        Application throwing = (environ, startResponse) -> {
            throw new NotFound("no such page");
        };
        Application late = (environ, startResponse) -> {
            new Response("x").call(environ, startResponse);
            throw new NotFound("after all");
        };
        Client both = Client.of(WebApplication.of(Rule.of("/a", throwing), Rule.of("/b", late)));

        assertThat(both.get("/a").send().text()).contains("no such page");
        assertThat(both.get("/b").send().text()).contains("after all");
        assertThat(both.get("/b").send().code()).isEqualTo(404);
    }

    @Test
    void anotherHostIsRefused() {
        Client trusting =
                Client.of(WebApplication.of(Rule.of("/", Photos.class)).withTrustedHosts("example.org", ".a.org"));

        assertThat(trusting.put("/").header("Host", "evil.org").send().code()).isEqualTo(400);
        assertThat(trusting.get("/").header("Host", "x.a.org").send().code()).isEqualTo(405);
        assertThat(trusting.get("/").header("Host", "example.org:8000").send().code())
                .isEqualTo(405);
    }
}
