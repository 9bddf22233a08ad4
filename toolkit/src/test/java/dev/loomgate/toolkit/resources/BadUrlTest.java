package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.LocalDate;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// URLs and hosts that come from a client.
class BadUrlTest {
    static final class Page {
        String get() {
            return "page";
        }
    }

    static final class Back {
        Response get(Request request) {
            return Response.redirect(request.args().get("to", "/"));
        }
    }

    record Day(long year, long month, long day) {
        Day {
            var _ = LocalDate.of(Math.toIntExact(year), Math.toIntExact(month), Math.toIntExact(day));
            if (year == 7) {
                throw new NullPointerException("the record's own fault");
            }
        }
    }

    static final class Diary {
        String get(Day day) {
            return day.toString();
        }
    }

    private final Client client = Client.of(WebApplication.of(
            Rule.of("/wiki/", Page.class),
            Rule.of("/old/", Page.class).withRedirect("wiki/"),
            Rule.of("/back", Back.class),
            Rule.of("/<int:year>/<int:month>/<int:day>", Diary.class)));

    @ParameterizedTest
    @ValueSource(
            strings = {"a..b", "-", ".", "xn--a", "xn--99999999", "localhost.", "1.2.3.4", "[::1]", "example.org:8080"})
    void aHostThatIsNoDomainNameIsRedirectedToAsItIs(String host) {
        TestResponse response = client.get("/wiki").header("Host", host).send();

        assertThat(response.code()).isEqualTo(308);
        assertThat(response.header("Location")).isEqualTo("http://" + host + "/wiki/");
    }

    @Test
    void aLabelMayBeAsLongAsItLikes() {
        String host = "a".repeat(64) + ".example.org";

        assertThat(client.get("/wiki").header("Host", host).send().header("Location"))
                .isEqualTo("http://" + host + "/wiki/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "exa_mple.org", "a b", "a/b", "[::1", "localhost:99999", "user@host", "\u00e4.org"})
    void withoutAHostARedirectIsAPath(String host) {
        assertThat(client.get("/wiki?a=1").header("Host", host).send().header("Location"))
                .isEqualTo("/wiki/?a=1");
        assertThat(client.get("/old/").header("Host", host).send().header("Location"))
                .isEqualTo("/wiki/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a..b/x                 | http://a..b/x",
                "http://%C3%A4..b/x            | http://%C3%A4..b/x",
                "http://ex%C3%A4mple.org/%C3%A4| http://xn--exmple-cua.org/%C3%A4",
                "http://[::1                   | http://[::1",
                "http://h:x/                   | http://h:x/",
                "//x/y                         | //x/y"
            })
    void aRedirectToWhatAClientSentIsAnsweredWhateverItIs(String to, String location) {
        TestResponse response = client.get("/back?to=" + to).send();

        assertThat(response.code()).isEqualTo(303);
        assertThat(response.header("Location")).isEqualTo(location);
    }

    @Test
    void valuesThatTheirRecordRefusesAreNoUrl() {
        assertThat(client.get("/2020/2/29").send().text()).isEqualTo("Day[year=2020, month=2, day=29]");
        assertThat(client.get("/2020/2/30").send().code()).isEqualTo(404);
        assertThat(client.get("/2020/13/1").send().code()).isEqualTo(404);
        assertThat(client.get("/99999999999/1/1").send().code()).isEqualTo(404);
        assertThatThrownBy(() -> Objects.requireNonNull(client.get("/7/1/1").send()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the record's own fault");
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-99", "", " ", "a b", "\u00e4", "../utf-8"})
    void aCharsetThatIsNoneIsTheClientsFault(String charset) {
        Client reading = Client.of(WebApplication.of(Rule.of("/", Text.class)));

        assertThat(reading.post("/")
                        .body(new byte[] {'x'}, "text/plain; charset=\"" + charset + "\"")
                        .send()
                        .code())
                .isEqualTo(415);
    }

    static final class Text {
        String post(Request request) {
            return request.text();
        }
    }
}
