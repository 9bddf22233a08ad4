package dev.loomgate.bench.arena;

import dev.loomgate.bench.harness.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The checks of the profiles of JSON: each answer has the items that it must have, in full.
final class JsonChecks {
    private static final String GZIP = "Accept-Encoding: gzip, br";

    private final Places places;
    private final Faults faults;
    private final Dataset dataset;
    private final JsonMapper mapper = new JsonMapper();

    JsonChecks(Places places, Faults faults) {
        this.places = places;
        this.faults = faults;
        this.dataset = Dataset.read(places);
    }

    private record Asked(int count, int multiplier) {
        String path() {
            return "/json/" + count + "?m=" + multiplier;
        }
    }

    void plain() throws IOException, InterruptedException {
        for (Asked asked : List.of(new Asked(12, 3), new Asked(22, 7), new Asked(31, 2), new Asked(50, 5))) {
            ask(places.http(), asked);
        }
    }

    void compressed() throws IOException, InterruptedException {
        for (Asked asked : List.of(new Asked(50, 1), new Asked(25, 3), new Asked(40, 7), new Asked(50, 2))) {
            Curl.Reply reply = ask(places.http(), asked, "-H", GZIP);
            faults.expect(asked.path() + ", Content-Encoding", "gzip", reply.field("Content-Encoding"));
        }
        Curl.Reply plain = ask(places.http(), new Asked(50, 1));
        faults.expect("Content-Encoding that nobody asked for", "", plain.field("Content-Encoding"));
    }

    void tls() throws IOException, InterruptedException {
        for (Asked asked : List.of(new Asked(7, 2), new Asked(23, 11), new Asked(50, 1))) {
            Curl.Reply reply = ask(places.https(), asked, "--http1.1");
            faults.expect(asked.path() + ", HTTP", "1.1", reply.version());
        }
    }

    void h2c() throws IOException, InterruptedException {
        for (Asked asked : List.of(new Asked(12, 3), new Asked(22, 7), new Asked(31, 2), new Asked(50, 5))) {
            Curl.Reply reply = ask(places.h2c(), asked, "--http2-prior-knowledge");
            faults.expect(asked.path() + ", HTTP", "2", reply.version());
        }
    }

    private Curl.Reply ask(Address address, Asked asked, String... options) throws IOException, InterruptedException {
        Curl.Reply reply = Curl.ask(address.url(asked.path()), options);
        faults.expect(asked.path() + ", status", 200, reply.status());
        faults.expectType(asked.path(), "application/json", reply.field("Content-Type"));
        byte[] json = reply.decoded();
        try {
            JsonNode expected = mapper.valueToTree(dataset.first(asked.count(), asked.multiplier()));
            faults.expect(asked.path(), expected, mapper.readTree(json));
        } catch (JacksonException e) {
            faults.expect(asked.path(), "JSON", new String(json, StandardCharsets.UTF_8));
        }
        return reply;
    }
}
