package dev.loomgate.toolkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyFixTest {
    private static final Application SEEN = (environ, startResponse) -> new Response("%s %s %s:%s%s"
                    .formatted(
                            environ.remoteAddress().orElse("-"),
                            environ.scheme(),
                            environ.serverName(),
                            environ.serverPort(),
                            environ.scriptName()))
            .call(environ, startResponse);

    private static String seen(ProxyFix fix, String peer, Map<String, String> headers) {
        Application linted = new Lint().wrap(fix.wrap(new Lint().wrap(SEEN)));
        Application fromPeer = (environ, startResponse) -> {
            if (peer.isEmpty()) {
                environ.remove("REMOTE_ADDR");
                environ.remove("REMOTE_PORT");
            } else {
                environ.put("REMOTE_ADDR", peer);
            }
            return linted.call(environ, startResponse);
        };
        Call call = Client.of(fromPeer).get("/");
        headers.forEach(call::header);
        return call.send().text();
    }

    private static String client(ProxyFix fix, String peer, String header, String value) {
        return seen(fix, peer, Map.of(header, value)).replaceFirst(" .*", "");
    }

    @Test
    void nobodyIsBelievedAtFirst() {
        Map<String, String> lies = Map.of(
                "X-Forwarded-For", "1.2.3.4",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Host", "evil.example",
                "X-Forwarded-Port", "1",
                "X-Forwarded-Prefix", "/evil",
                "Forwarded", "for=1.2.3.4;proto=https;host=evil.example");

        assertThat(seen(ProxyFix.of(), "127.0.0.1", lies)).isEqualTo("127.0.0.1 http localhost:80");
        assertThat(seen(ProxyFix.of().withXFor(1), "127.0.0.1", lies)).isEqualTo("1.2.3.4 http localhost:80");
    }

    @Test
    void everyHeaderChangesItsVariables() {
        ProxyFix all = ProxyFix.of()
                .withXFor(1)
                .withXProto(1)
                .withXHost(1)
                .withXPort(1)
                .withXPrefix(1);

        assertThat(seen(
                        all,
                        "127.0.0.1",
                        Map.of(
                                "X-Forwarded-For", "9.9.9.9, 1.2.3.4",
                                "X-Forwarded-Proto", "https",
                                "X-Forwarded-Host", "example.org",
                                "X-Forwarded-Port", "8443",
                                "X-Forwarded-Prefix", "/shop/")))
                .isEqualTo("1.2.3.4 https example.org:8443/shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // peer      | header                                  | client
                "10.0.0.1    | 1.2.3.4                                 | 1.2.3.4",
                "10.0.0.1    | 6.6.6.6, 1.2.3.4                        | 1.2.3.4",
                "10.0.0.1    | 6.6.6.6, 1.2.3.4, 10.1.1.1              | 1.2.3.4",
                "10.0.0.1    | 6.6.6.6, 1.2.3.4, 10.1.1.1, 10.2.2.2    | 1.2.3.4",
                "10.0.0.1    | 1.2.3.4, 10.1.1.1, 10.2.2.2, 10.3.3.3   | 10.1.1.1",
                "10.0.0.1    | 10.9.9.9                                | 10.9.9.9",
                "10.0.0.1    | 1.2.3.4, unknown                        | unknown",
                "10.0.0.1    | [2001:db9::1]:4711                      | 2001:db9::1",
                "10.0.0.1    | 1.2.3.4:4711                            | 1.2.3.4",
                "::ffff:10.0.0.1 | 1.2.3.4                             | 1.2.3.4",
                "2001:db8::5 | 1.2.3.4                                 | 1.2.3.4",
                "2001:db9::5 | 1.2.3.4                                 | 2001:db9::5",
                "11.0.0.1    | 1.2.3.4                                 | 11.0.0.1",
                "''          | 1.2.3.4                                 | -",
                "10.0.0.1    | ''                                      | 10.0.0.1"
            })
    void theLastAddressOutsideTheNetworksIsTheClients(String peer, String header, String client) {
        ProxyFix fix = ProxyFix.of().withNetworks("10.0.0.0/8", "2001:db8::/32").withXFor(3);

        assertThat(client(fix, peer, "X-Forwarded-For", header)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // value                     | address            | port
                "192.0.2.43                  | 192.0.2.43         | 50000",
                "192.0.2.43:4711             | 192.0.2.43         | 4711",
                "192.0.2.43:                 | 192.0.2.43         | 50000",
                "192.0.2.43:99999            | 192.0.2.43         | 50000",
                "192.0.2.43:_hidden          | 192.0.2.43         | 50000",
                "[2001:db8::17]              | 2001:db8::17       | 50000",
                "[2001:db8::17]:4711         | 2001:db8::17       | 4711",
                "[::1]:80                    | ::1                | 80",
                "2001:db8::17                | 2001:db8::17       | 50000",
                "::ffff:192.0.2.43           | ::ffff:192.0.2.43  | 50000",
                "::1                         | ::1                | 50000",
                "unknown                     | unknown            | 50000",
                "unknown:4711                | unknown            | 4711",
                "_hidden                     | _hidden            | 50000",
                "_SEVKISEK                   | _SEVKISEK          | 50000",
                "[2001:db8::17               | [2001:db8::17      | 50000",
                "[2001:db8::17]4711          | [2001:db8::17]4711 | 50000",
                "[]:80                       | []:80              | 50000"
            })
    void anAddressIsReadByOneRuleInEitherHeader(String value, String address, String port) {
        Application seen = (environ, startResponse) -> new Response(
                        environ.remoteAddress().orElse("-") + " " + environ.text("REMOTE_PORT", "-"))
                .call(environ, startResponse);
        for (ProxyFix fix : List.of(
                ProxyFix.of().withXFor(1),
                ProxyFix.of().withNetworks("127.0.0.1").withXFor(1),
                ProxyFix.of().withForwarded(1),
                ProxyFix.of().withNetworks("127.0.0.1").withForwarded(1))) {
            Call call = Client.of(fix.wrap(seen)).get("/");
            call.header("X-Forwarded-For", "6.6.6.6, " + value);
            call.header("Forwarded", "for=6.6.6.6, for=\"" + value + "\"");

            assertThat(call.send().text()).isEqualTo(address + " " + port);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "example.org,          http example.org:80",
        "example.org:8443,     http example.org:8443",
        "[2001:db8::1],        http [2001:db8::1]:80",
        "[2001:db8::1]:8443,   http [2001:db8::1]:8443",
        "2001:db8::1,          http [2001:db8::1]:80",
        "[2001:db8::1,         http localhost:80",
        "::1]:80,              http localhost:80"
    })
    void aHostIsReadByOneRuleInEitherHeader(String host, String seen) {
        assertThat(seen(ProxyFix.of().withXHost(1), "127.0.0.1", Map.of("X-Forwarded-Host", host)))
                .isEqualTo("127.0.0.1 " + seen);
        assertThat(seen(ProxyFix.of().withForwarded(1), "127.0.0.1", Map.of("Forwarded", "host=\"" + host + "\"")))
                .isEqualTo("127.0.0.1 " + seen);
    }

    @Test
    void hostileHeadersAreReadInNoTime() {
        for (String value : List.of(",", "\"", "\\\"", "[", ":", "for=\"", "a,", "[::1]:")) {
            String header = value.repeat(60_000 / value.length());
            for (ProxyFix fix : List.of(
                    ProxyFix.of().withXFor(1000),
                    ProxyFix.of().withNetworks("127.0.0.1").withXFor(1000),
                    ProxyFix.of().withForwarded(1000),
                    ProxyFix.of().withNetworks("127.0.0.1").withForwarded(1000))) {
                assertTimeout(
                        Duration.ofSeconds(5),
                        () -> seen(fix, "127.0.0.1", Map.of("X-Forwarded-For", header, "Forwarded", header)));
            }
        }
    }

    @Test
    void aPeerOnAUnixSocketCanBeBelieved() {
        assertThat(client(ProxyFix.of().withNetworks("unix").withXFor(1), "", "X-Forwarded-For", "1.2.3.4"))
                .isEqualTo("1.2.3.4");
        assertThat(client(ProxyFix.of().withNetworks("unix").withXFor(1), "127.0.0.1", "X-Forwarded-For", "1.2.3.4"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void otherHeadersAreOnlyBelievedOfTheNetworks() {
        ProxyFix fix = ProxyFix.of()
                .withNetworks("10.0.0.0/8")
                .withXProto(1)
                .withXHost(1)
                .withXPrefix(1);
        Map<String, String> headers = Map.of(
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Host", "example.org",
                "X-Forwarded-Prefix", "/shop");

        assertThat(seen(fix, "10.0.0.1", headers)).isEqualTo("10.0.0.1 https example.org:80/shop");
        assertThat(seen(fix, "11.0.0.1", headers)).isEqualTo("11.0.0.1 http localhost:80");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "for=1.2.3.4                                       | 1.2.3.4 http localhost:80",
                "For=\"[2001:db8::17]:4711\"                       | 2001:db8::17 http localhost:80",
                "for=1.2.3.4;proto=https;host=example.org;by=_me   | 1.2.3.4 https example.org:80",
                "for=\"1.2.3.4:81\" ; host=\"example.org:8443\"    | 1.2.3.4 http example.org:8443",
                "for=6.6.6.6, for=1.2.3.4                          | 1.2.3.4 http localhost:80",
                "for=6.6.6.6;proto=https;host=evil, for=1.2.3.4    | 1.2.3.4 http localhost:80",
                "for=\"6.6.6.6, for=1.2.3.4                        | 1.2.3.4 http localhost:80",
                "\", for=1.2.3.4;host=\"a.b\"                      | 1.2.3.4 http a.b:80",
                "for=_hidden                                       | _hidden http localhost:80",
                "proto=https                                       | 127.0.0.1 https localhost:80",
                "nonsense                                          | 127.0.0.1 http localhost:80",
                ",,;;                                              | 127.0.0.1 http localhost:80"
            })
    void forwardedIsReadFromItsEnd(String header, String seen) {
        assertThat(seen(ProxyFix.of().withForwarded(1), "127.0.0.1", Map.of("Forwarded", header)))
                .isEqualTo(seen);
    }

    @Test
    void forwardedIsFollowedThroughTheNetworks() {
        ProxyFix fix = ProxyFix.of().withNetworks("10.0.0.0/8").withForwarded(5);

        assertThat(seen(
                        fix,
                        "10.0.0.1",
                        Map.of("Forwarded", "for=6.6.6.6;host=evil, for=1.2.3.4;proto=https, for=10.0.0.2;proto=http")))
                .isEqualTo("1.2.3.4 https localhost:80");
        assertThat(seen(fix, "11.0.0.1", Map.of("Forwarded", "for=6.6.6.6"))).startsWith("11.0.0.1 ");
    }

    @Test
    void theValuesFromBeforeAreKept() {
        Application application = (environ, startResponse) ->
                new Response(String.valueOf(environ.get(ProxyFix.ORIGINAL))).call(environ, startResponse);
        Application fixed =
                ProxyFix.of().withXFor(1).around(ProxyFix.of().withXFor(1)).wrap(application);

        assertThat(Client.of(fixed)
                        .get("/")
                        .header("X-Forwarded-For", "1.2.3.4")
                        .send()
                        .text())
                .contains("REMOTE_ADDR=127.0.0.1", "HTTP_HOST=localhost", "wsgi.url_scheme=http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10", "10.0.0", "example.org", "::/129", "10.0.0.0/", "10.0.0.0/-1", ""})
    void whatIsNoNetworkStopsTheStart(String network) {
        assertThatThrownBy(() -> ProxyFix.of().withNetworks(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + network + "\"");
    }

    @Test
    void believingBothKindsStopsTheStart() {
        ProxyFix both = ProxyFix.of().withXFor(1).withForwarded(1);

        assertThatThrownBy(() -> both.wrap(SEEN)).hasMessageContaining("not both");
        assertThatThrownBy(() -> ProxyFix.of().withXFor(-1)).hasMessageContaining("-1");
    }

    @Test
    void withAddressesOnlyOtherNamesChangeNothing() {
        ProxyFix fix = ProxyFix.of()
                .withNetworks("10.0.0.0/8")
                .withXFor(9)
                .withXProto(1)
                .withAddressesOnly();

        assertThat(client(fix, "10.0.0.1", "X-Forwarded-For", "1.2.3.4, 10.0.0.2"))
                .isEqualTo("1.2.3.4");
        assertThat(client(fix, "10.0.0.1", "X-Forwarded-For", "1.2.3.4, unknown"))
                .isEqualTo("10.0.0.1");
        assertThat(client(fix, "10.0.0.1", "X-Forwarded-For", "1.2.3.4, <b>")).isEqualTo("10.0.0.1");
        assertThat(seen(fix, "10.0.0.1", Map.of("X-Forwarded-Proto", "gopher"))).startsWith("10.0.0.1 http ");
    }

    @Test
    void withAddressesOnlyAClientHasNoPortOfItsProxys() {
        Application seen = (environ, startResponse) -> new Response(
                        environ.remoteAddress().orElse("-") + " " + environ.text("REMOTE_PORT", "-"))
                .call(environ, startResponse);
        Client client = Client.of(ProxyFix.of()
                .withNetworks("127.0.0.1")
                .withXFor(9)
                .withAddressesOnly()
                .wrap(seen));

        assertThat(client.get("/").header("X-Forwarded-For", "1.2.3.4").send().text())
                .isEqualTo("1.2.3.4 0");
        assertThat(client.get("/")
                        .header("X-Forwarded-For", "1.2.3.4:99")
                        .send()
                        .text())
                .isEqualTo("1.2.3.4 99");
        assertThat(client.get("/").header("X-Forwarded-For", "unknown").send().text())
                .isEqualTo("127.0.0.1 50000");
    }

    @Test
    void theFirstValueThatSaysNothingIsTold() {
        try (LogLines log = LogLines.of("dev.loomgate.toolkit.proxy")) {
            Application fixed = ProxyFix.of()
                    .withNetworks("127.0.0.1")
                    .withXFor(9)
                    .withAddressesOnly()
                    .wrap(SEEN);
            for (int i = 0; i < 3; i++) {
                Client.of(fixed).get("/").header("X-Forwarded-For", "_made up").send();
            }
            assertThat(log.lines()).singleElement().asString().endsWith("as further ones are: _made up");
        }
    }
}
