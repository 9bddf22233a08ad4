package dev.loomgate.security.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.proxy.ProxyFix;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.security.BasicAuthentication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final Application HOME =
            (environ, startResponse) -> new Response("home").call(environ, startResponse);

    private long nanos;
    private final RateLimitStore store = new BucketsInMemory(1000, () -> nanos);
    private final RateLimit limit =
            RateLimit.of("login", 3, Duration.ofMinutes(1)).in(store);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static Client from(String address, Application application) {
        return Client.of((environ, startResponse) -> {
            if (address.isEmpty()) {
                environ.remove("REMOTE_ADDR");
            } else {
                environ.put("REMOTE_ADDR", address);
            }
            return application.call(environ, startResponse);
        });
    }

    private static List<Integer> codes(Client client, int requests) {
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            codes.add(client.get("/").send().code());
        }
        return codes;
    }

    @Test
    void whoSendsTooManyIsToldWhenToComeAgain() {
        Client client = from("192.0.2.1", limit.wrap(HOME));

        assertThat(codes(client, 3)).containsExactly(200, 200, 200);
        TestResponse refused = client.get("/").send();

        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("20");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"login\";q=3;w=60");
        assertThat(refused.header("RateLimit")).isEqualTo("\"login\";r=0;t=20");
    }

    @Test
    void aBucketIsRefilledEvenly() {
        Client client = from("192.0.2.1", limit.wrap(HOME));
        codes(client, 4);

        pass(Duration.ofSeconds(19));
        assertThat(client.get("/").send().header("Retry-After")).isEqualTo("1");
        pass(Duration.ofSeconds(1));
        assertThat(codes(client, 2)).containsExactly(200, 429);
        pass(Duration.ofMinutes(5));
        assertThat(codes(client, 4)).containsExactly(200, 200, 200, 429);
    }

    @Test
    void eachResponseSaysWhatIsLeft() {
        Client client = from("192.0.2.1", limit.wrap(HOME));

        assertThat(client.get("/").send().header("RateLimit")).isEqualTo("\"login\";r=2;t=20");
        assertThat(client.get("/").send().header("RateLimit")).isEqualTo("\"login\";r=1;t=40");
    }

    @Test
    void twoLimitsAreBothTold() {
        Application both = RateLimit.of("day", 100, Duration.ofDays(1)).wrap(limit.wrap(HOME));

        assertThat(from("192.0.2.1", both).get("/").send().headers().all("RateLimit"))
                .hasSize(2)
                .anyMatch(field -> field.startsWith("\"login\";r=2"))
                .anyMatch(field -> field.startsWith("\"day\";r=99"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1, ::ffff:192.0.2.1, true",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
        "2001:db8:1:2::1, 2001:0DB8:0001:0002::9, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "::1, 192.0.2.1, false"
    })
    void aClientIsAnAddressOrANetwork(String one, String other, boolean same) {
        Application application = limit.wrap(HOME);

        assertThat(codes(from(one, application), 4)).endsWith(429);

        assertThat(codes(from(other, application), 1)).containsExactly(same ? 429 : 200);
    }

    @Test
    void behindATrustedProxyTheClientCounts() {
        Application application =
                ProxyFix.of().withNetworks("192.0.2.1").withXFor(1).wrap(limit.wrap(HOME));
        Client proxy = from("192.0.2.1", application);

        for (int i = 0; i < 4; i++) {
            proxy.get("/").header("X-Forwarded-For", "198.51.100.1").send();
        }

        assertThat(proxy.get("/")
                        .header("X-Forwarded-For", "198.51.100.1")
                        .send()
                        .code())
                .isEqualTo(429);
        assertThat(proxy.get("/")
                        .header("X-Forwarded-For", "198.51.100.2")
                        .send()
                        .code())
                .isEqualTo(200);
    }

    @Test
    void aClientCanNotInventAnAddress() {
        Client client = from("192.0.2.1", limit.wrap(HOME));
        for (int i = 0; i < 3; i++) {
            client.get("/").header("X-Forwarded-For", "198.51.100." + i).send();
        }

        assertThat(client.get("/")
                        .header("X-Forwarded-For", "198.51.100.9")
                        .send()
                        .code())
                .isEqualTo(429);
    }

    @Test
    void requestsWithoutAnAddressAreOneClients() {
        try (LogLines log = LogLines.of("dev.loomgate.security.limits")) {
            assertThat(codes(from("", limit.wrap(HOME)), 5)).containsExactly(200, 200, 200, 429, 429);
            assertThat(log.lines()).hasSizeLessThan(2).allMatch(line -> line.contains("ProxyFix"));
        }
    }

    @Test
    void asAGuardItCountsWhatReachesItsRules() {
        Client client = from(
                "192.0.2.1",
                WebApplication.of(
                        Route.get("/", _ -> "home"),
                        Route.post("/login", _ -> "hello").guardedBy(limit)));

        assertThat(codes(client, 5)).containsOnly(200);
        for (int i = 0; i < 3; i++) {
            assertThat(client.post("/login").send().code()).isEqualTo(200);
        }
        TestResponse refused = client.post("/login").send();
        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.header("RateLimit")).isEqualTo("\"login\";r=0;t=20");
        assertThat(refused.header("Retry-After")).isEqualTo("20");
    }

    @Test
    void usersAreCountedByTheirNames() {
        Application site = WebApplication.of(Route.get("/", _ -> "home"))
                .withGuard(BasicAuthentication.users("shop", Map.of("Ann", "a", "Bob", "b")))
                .withGuard(limit.byUser());

        for (int i = 0; i < 3; i++) {
            assertThat(as("Ann", "a", "192.0.2." + i, site)).isEqualTo(200);
        }
        assertThat(as("Ann", "a", "192.0.2.9", site)).isEqualTo(429);
        assertThat(as("Bob", "b", "192.0.2.9", site)).isEqualTo(200);
    }

    private static int as(String name, String password, String address, Application site) {
        return from(address, site)
                .get("/")
                .header("Authorization", Authorization.basic(name, password).header())
                .send()
                .code();
    }

    @Test
    void aKeyMayBeAnything() {
        Map<String, Integer> keys = new HashMap<>();
        RateLimit byKey = limit.by(request -> request.args().first("key")).in((key, rate) -> {
            keys.merge(key, 1, Integer::sum);
            return store.take(key, rate);
        });
        Client client = from("192.0.2.1", byKey.wrap(HOME));

        client.get("/?key=a").send();
        client.get("/?key=a").send();
        client.get("/?key=" + "b".repeat(5000)).send();
        client.get("/").send();

        assertThat(keys).hasSize(3).containsEntry("login|key:a", 2).containsEntry("login|address:c0000201", 1);
        assertThat(keys.keySet()).allMatch(key -> key.length() <= 256);
    }

    @Test
    void aKeyOfTheClientsIsNoAddress() {
        Application application =
                limit.by(request -> request.args().first("key")).wrap(HOME);
        Client client = from("192.0.2.1", application);
        for (int i = 0; i < 4; i++) {
            client.get("/?key=address:c0000201").send();
        }

        assertThat(client.get("/").send().code()).isEqualTo(200);
    }

    @Test
    void whatAStoreThrowsIsTheRequestsFailure() {
        Application application = limit.in((_, _) -> {
                    throw new java.io.IOException("the store is down");
                })
                .wrap(HOME);

        assertThatThrownBy(() -> from("192.0.2.1", application).get("/").send())
                .hasStackTraceContaining("the store is down");
    }

    @Test
    void bucketsInMemoryAreBounded() {
        BucketsInMemory few = new BucketsInMemory(100, () -> nanos);
        for (int i = 0; i < 10_000; i++) {
            few.take("key " + i, new Rate(1, Duration.ofHours(1)));
        }

        assertThat(few.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void aBucketThatIsFullIsForgotten() {
        BucketsInMemory some = new BucketsInMemory(100, () -> nanos);
        some.take("a", new Rate(1, Duration.ofSeconds(10)));

        pass(Duration.ofSeconds(9));
        assertThat(some.size()).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        assertThat(some.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "quote\"", "a\r\nb", "ä"})
    void aNameThatNoFieldCarriesStopsTheStart(String name) {
        assertThatThrownBy(() -> RateLimit.of(name, 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RateLimit.of");
    }

    @Test
    void aRateThatMakesNoSenseStopsTheStart() {
        assertThatThrownBy(() -> RateLimit.of("a", 0, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 requests");
        assertThatThrownBy(() -> RateLimit.of("a", 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> RateLimitStore.inMemory(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itSaysWhatItIs() {
        assertThat(limit).hasToString("RateLimit login: 3 in PT1M");
    }
}
