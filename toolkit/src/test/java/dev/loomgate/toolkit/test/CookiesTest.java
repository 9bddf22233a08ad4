package dev.loomgate.toolkit.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6265 section 5.
class CookiesTest {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final Cookies cookies = new Cookies("a.example", () -> now);

    private static Cookies.Place place(String url) {
        int host = url.indexOf("://") + 3;
        int path = url.indexOf('/', host);
        return Cookies.Place.of(url.substring(0, host - 3), url.substring(host, path), url.substring(path));
    }

    private void receive(String from, String... set) {
        Headers headers = new Headers();
        for (String header : set) {
            headers.add("Set-Cookie", header);
        }
        cookies.receive(headers, place(from));
    }

    private String sent(String to) {
        return cookies.header(place(to));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // set                                                             | sent
                "k=v                                                               | k=v",
                "k=v; Max-Age=60                                                   | k=v",
                "k=v; Max-Age=0                                                    | ~~",
                "k=v; max-age=0                                                    | ~~",
                "k=v; Max-Age=-1                                                   | ~~",
                "k=v; Max-Age=-99999999999999999999                                | ~~",
                "k=v; Max-Age=99999999999999999999                                 | k=v",
                "k=v; Max-Age=1x                                                   | k=v",
                "k=v; Max-Age=                                                     | k=v",
                "k=v; Max-Age=0; Max-Age=5                                         | k=v",
                "k=v; Max-Age=5; Max-Age=0                                         | ~~",
                "k=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT                        | ~~",
                "k=v; Expires=Fri, 01 Jan 2100 00:00:00 GMT                        | k=v",
                "k=v; Expires=Thu, 01-Jan-70 00:00:00 GMT                          | ~~",
                "k=v; Expires=nonsense                                             | k=v",
                "k=v; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT            | k=v",
                "k=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60            | k=v",
                "k=v; Max-Age=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT             | ~~",
                "k=v; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT             | ~~",
                "k=a=b==                                                           | k=a=b==",
                "k=\"a b\"                                                         | k=\"a b\"",
                "  k  =  v  ; Path = /                                             | k=v",
                "k=                                                                | k=",
                "k                                                                 | ~~",
                "=v                                                                | ~~",
                "k=v; HttpOnly; SameSite=Strict; Unknown; =x; ;                    | k=v",
                "k=v; Secure                                                       | ~~",
                "k=v; secure=0                                                     | ~~",
                "k=v; Domain=a.example                                             | k=v",
                "k=v; Domain=.A.Example                                            | k=v",
                "k=v; Domain=example                                               | k=v",
                "k=v; Domain=                                                      | k=v",
                "k=v; Domain=b.example                                             | ~~",
                "k=v; Domain=sub.a.example                                         | ~~",
                "k=v; Domain=.example; Domain=b.example                            | ~~",
                "k=v; Path=relative                                                | k=v",
                "k=v; Path=/other                                                  | ~~",
                "k=v; Path=/other; Path=                                           | k=v",
                "__Host-k=v; Path=/                                                | ~~",
                "__Secure-k=v                                                      | ~~"
            })
    void anAttributeIsReadAsABrowserReadsIt(String set, String sent) {
        receive("http://a.example/", set);

        assertThat(sent("http://a.example/")).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "/,        /,       true",
        "/,        /a/b,    true",
        "/a,       /a,      true",
        "/a,       /a/,     true",
        "/a,       /a/b,    true",
        "/a,       /ab,     false",
        "/a,       /,       false",
        "/a/,      /a,      false",
        "/a/,      /a/b,    true",
        "/A,       /a,      false",
        "/a%20b,   /a%20b,  true"
    })
    void aPathIsKeptTo(String cookie, String request, boolean sent) {
        receive("http://a.example/x", "k=v; Path=" + cookie);

        assertThat(sent("http://a.example" + request).equals("k=v")).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "/,           /",
        "/set,        /",
        "/a/set,      /a",
        "/a/b/set,    /a/b",
        "/a/b/,       /a/b",
        "/a/b/?x=/y/, /a/b"
    })
    void withoutAPathItIsThatOfTheRequest(String request, String path) {
        receive("http://a.example" + request, "k=v");
        Cookies other = new Cookies("a.example", () -> now);
        other.receive(Headers.of("Set-Cookie", "k=v; Path=" + path), place("http://a.example/"));

        for (String to : List.of("/", "/a", "/a/", "/ab", "/a/b", "/a/b/c", "/a/bc")) {
            assertThat(sent("http://a.example" + to)).as(to).isEqualTo(other.header(place("http://a.example" + to)));
        }
    }

    @Test
    void aDomainHasAllHostsBelowItAndAHostOnlyItself() {
        receive("http://a.example/", "host=1", "domain=2; Domain=a.example", "above=3; Domain=example");

        assertThat(sent("http://a.example/")).isEqualTo("host=1; domain=2; above=3");
        assertThat(sent("http://A.EXAMPLE:8080/")).isEqualTo("host=1; domain=2; above=3");
        assertThat(sent("http://sub.a.example/")).isEqualTo("domain=2; above=3");
        assertThat(sent("http://b.example/")).isEqualTo("above=3");
        assertThat(sent("http://xa.example/")).isEqualTo("above=3");
        assertThat(sent("http://example/")).isEqualTo("above=3");
        assertThat(sent("http://anexample/")).isEmpty();
    }

    @Test
    void anAddressIsNoDomain() {
        receive("http://127.0.0.1/", "k=v; Domain=0.0.1", "l=w; Domain=127.0.0.1");
        receive("http://[::1]/", "m=x");

        assertThat(sent("http://127.0.0.1/")).isEqualTo("l=w");
        assertThat(sent("http://[::1]:80/")).isEqualTo("m=x");
    }

    @Test
    void aSecureOneGoesOverHttpsOnly() {
        receive("https://a.example/", "k=v; Secure", "__Host-h=1; Secure; Path=/", "__Secure-s=2; Secure");
        receive("https://a.example/", "__Host-d=1; Secure; Path=/; Domain=a.example", "__host-p=1; Secure");

        assertThat(sent("https://a.example/")).isEqualTo("k=v; __Host-h=1; __Secure-s=2");
        assertThat(sent("http://a.example/")).isEmpty();
    }

    @Test
    void longerPathsComeFirstAndThenWhatIsOlder() {
        receive("http://a.example/", "a=1; Path=/", "b=2; Path=/x/y", "c=3; Path=/x", "d=4; Path=/x/y");
        receive("http://a.example/", "a=5; Path=/", "e=6; Path=/", "b=7; Path=/x/y");

        assertThat(sent("http://a.example/x/y")).isEqualTo("b=7; d=4; c=3; a=5; e=6");
    }

    @Test
    void oneThatWasDeletedIsYoungerWhenItIsSetAgain() {
        receive("http://a.example/", "a=1", "b=2", "a=; Max-Age=0", "a=3");

        assertThat(sent("http://a.example/")).isEqualTo("b=2; a=3");
    }

    @Test
    void oneIsReplacedByNameDomainAndPath() {
        receive("http://a.example/", "k=1; Path=/", "k=2; Path=/x", "k=3; Path=/; Domain=example", "K=4; Path=/");
        receive("http://a.example/", "k=; Max-Age=0; Path=/x");

        assertThat(sent("http://a.example/x")).isEqualTo("k=1; k=3; K=4");
    }

    @Test
    void itGoesWhenItsTimeIsOver() {
        receive("http://a.example/", "k=v; Max-Age=60", "l=w");
        now = now.plus(Duration.ofSeconds(59));
        assertThat(sent("http://a.example/")).isEqualTo("k=v; l=w");
        now = now.plus(Duration.ofSeconds(1));

        assertThat(sent("http://a.example/")).isEqualTo("l=w");
        assertThat(cookies.value("k")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Wed, 09 Jun 2021 10:18:14 GMT      | 2021-06-09T10:18:14Z",
                "Wednesday, 09-Jun-21 10:18:14 GMT  | 2021-06-09T10:18:14Z",
                "Wed Jun  9 10:18:14 2021           | 2021-06-09T10:18:14Z",
                "2021 Jun 9 10:18:14                | 2021-06-09T10:18:14Z",
                "10:18:14 9 june 2021               | 2021-06-09T10:18:14Z",
                "9-JUN-2021 1:2:3                   | 2021-06-09T01:02:03Z",
                "9th Jun 2021 10:18:14 +0200        | 2021-06-09T10:18:14Z",
                "Mon, 01-Jan-69 00:00:00            | 2069-01-01T00:00:00Z",
                "Thu, 01-Jan-70 00:00:00            | 1970-01-01T00:00:00Z",
                "1 Jan 1601 00:00:00                | 1601-01-01T00:00:00Z",
                "29 Feb 2024 23:59:59               | 2024-02-29T23:59:59Z"
            })
    void aDateIsReadInWhateverFormItIs(String text, Instant date) {
        assertThat(CookieDate.parse(text)).contains(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "Wed, 09 Jun 2021",
                "10:18:14 09 Jun",
                "09 Jun 1600 10:18:14",
                "32 Jan 2021 10:18:14",
                "0 Jan 2021 10:18:14",
                "30 Feb 2021 10:18:14",
                "09 Jun 2021 24:00:00",
                "09 Jun 2021 10:60:00",
                "09 Jun 2021 10:18:60",
                "09 Jun 2021 10:18",
                "09 Jux 2021 10:18:14",
                "09 Jun 20210 10:18:14"
            })
    void whatIsNoDateIsNone(String text) {
        assertThat(CookieDate.parse(text)).isEmpty();
    }

    private static final Application SHOWS = (environ, startResponse) -> {
        Request request = new Request(environ);
        Response response = new Response(request.headers().get("Cookie", "") + " by " + request.scheme());
        request.args().all("c").forEach(cookie -> response.addHeader("Set-Cookie", cookie));
        return response.call(environ, startResponse);
    };

    @Test
    void aClientOverHttpsHasSecureCookies() {
        Client http = Client.of(SHOWS);
        Client https = Client.https(SHOWS);
        for (Client client : List.of(http, https)) {
            client.get("/").query("c", "k=v; Secure").send();
        }

        assertThat(http.get("/").send().text()).isEqualTo(" by http");
        assertThat(https.get("/").send().text()).isEqualTo("k=v by https");
    }

    @Test
    void aClientKeepsTheCookiesOfEachHostApart() {
        Client client = Client.of(SHOWS);
        client.get("/").header("Host", "a.example:81").query("c", "k=v").send();

        assertThat(client.get("/").header("Host", "A.example").send().text()).isEqualTo("k=v by http");
        assertThat(client.get("/").send().text()).isEqualTo(" by http");
    }
}
