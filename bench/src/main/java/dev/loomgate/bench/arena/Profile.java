package dev.loomgate.bench.arena;

import dev.loomgate.bench.harness.Address;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/// A profile of HttpArena that has no database, no HTTP/3 and no gRPC, with what its validator checks
/// (`site/content/docs/test-profiles`, each profile's `validation.md`): the same requests, answers
/// compared in full where it looks at sizes and counts.
public enum Profile {
    BASELINE,
    PIPELINED,
    LIMITED_CONN,
    JSON,
    JSON_COMP,
    JSON_TLS,
    UPLOAD,
    STATIC,
    BASELINE_H2,
    STATIC_H2,
    BASELINE_H2C,
    JSON_H2C,
    ECHO_WS;

    /// As HttpArena calls it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Where it is asked.
    public Address address(Places places) {
        return switch (this) {
            case BASELINE, PIPELINED, LIMITED_CONN, JSON, JSON_COMP, UPLOAD, STATIC, ECHO_WS -> places.http();
            case JSON_TLS -> places.https();
            case BASELINE_H2, STATIC_H2 -> places.h2();
            case BASELINE_H2C, JSON_H2C -> places.h2c();
        };
    }

    /// What an entry answers wrongly there; empty if it may be measured.
    ///
    /// A connection that breaks, or an answer that doesn't come, is a fault as well.
    public List<String> faults(Places places) throws InterruptedException {
        Faults faults = new Faults();
        try {
            check(places, faults);
        } catch (IOException e) {
            faults.expect(e.toString(), false);
        }
        return faults.found();
    }

    private void check(Places places, Faults faults) throws IOException, InterruptedException {
        switch (this) {
            case BASELINE, LIMITED_CONN -> new BaselineChecks(places, faults).run();
            case PIPELINED -> new BaselineChecks(places, faults).pipelined();
            case JSON -> new JsonChecks(places, faults).plain();
            case JSON_COMP -> new JsonChecks(places, faults).compressed();
            case JSON_TLS -> new JsonChecks(places, faults).tls();
            case UPLOAD -> new UploadChecks(places, faults).run();
            case STATIC -> new StaticChecks(places, faults).http1();
            case BASELINE_H2 -> baseline2("2", faults, places.h2(), "--http2");
            case STATIC_H2 -> new StaticChecks(places, faults).http2();
            case BASELINE_H2C -> {
                baseline2("2", faults, places.h2c(), "--http2-prior-knowledge");
                Curl.Reply refused = Curl.ask(places.h2c().url("/baseline2?a=1&b=1"), "--http1.1");
                faults.expect("HTTP/1.1 where HTTP/2 alone is spoken was answered", refused.status() != 200);
            }
            case JSON_H2C -> new JsonChecks(places, faults).h2c();
            case ECHO_WS -> new EchoChecks(places, faults).run();
        }
    }

    private static void baseline2(String version, Faults faults, Address address, String option)
            throws IOException, InterruptedException {
        int random = ThreadLocalRandom.current().nextInt(100, 1000);
        for (int b : List.of(42, random)) {
            Curl.Reply reply = Curl.ask(address.url("/baseline2?a=13&b=" + b), option);
            String what = "GET /baseline2?a=13&b=" + b;
            faults.expect(what + ", HTTP", version, reply.version());
            faults.expect(what, Integer.toString(13 + b), reply.text());
            faults.expectType(what, "text/plain", reply.field("Content-Type"));
        }
    }
}
