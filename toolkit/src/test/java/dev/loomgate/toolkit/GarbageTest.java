package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.headers.Accept;
import dev.loomgate.toolkit.headers.ContentRange;
import dev.loomgate.toolkit.headers.WwwAuthenticate;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.syntax.HeaderList;
import dev.loomgate.toolkit.syntax.HostHeader;
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.syntax.QueryString;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What reads a header gets 64 KB of garbage of each kind: it must come back soon, and throw nothing but what it
/// says.
class GarbageTest {
    private static final int LENGTH = 64 * 1024;

    // What is quadratic in 64 KB takes longer than this by far; what is linear takes a thousandth of it.
    private static final Duration LINEAR = Duration.ofSeconds(2);

    /// The characters that mean something to one parser or another, alone, in pairs and at random.
    private static List<String> garbage() {
        String special = "\"\\;,= \t*'%/-_:()<>@[]{}&+?#.~|^!0aZ\u00e4\u0000\u007f\r\n";
        List<String> garbage = new ArrayList<>(List.of(""));
        for (int i = 0; i < special.length(); i++) {
            String run = special.substring(i, i + 1).repeat(LENGTH);
            garbage.addAll(List.of(run, "a" + run + "b", "a;b=\"" + run));
        }
        for (String unit : new String[] {
            "a=\"",
            "\\\"",
            "a=b;",
            "a=b,",
            "\",",
            "a*0=b;",
            "a*=utf-8''%c3;",
            ";q=0.5,",
            "W/\"a\",",
            "W/",
            "1-2,",
            "-1,",
            "*/*;q=0.1,",
            "/;",
            " ;",
            "; ",
            "%41",
            "%",
            "%c3%a4",
            "a=%zz&",
            "bytes=",
            "Basic ",
            "a b",
            "\"a\\",
            "\u20ac"
        }) {
            garbage.add(unit.repeat(LENGTH / unit.length()));
            garbage.add("bytes=" + unit.repeat(LENGTH / unit.length()));
            garbage.add("Basic " + unit.repeat(LENGTH / unit.length()));
            garbage.add("Digest a=" + unit.repeat(LENGTH / unit.length()));
        }
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        System.out.println("garbage from seed " + seed);
        for (int i = 0; i < 40; i++) {
            StringBuilder text = new StringBuilder();
            int kinds = 2 + random.nextInt(special.length() - 2);
            while (text.length() < LENGTH) {
                text.append(special.charAt(random.nextInt(kinds)));
            }
            garbage.add(text.toString());
        }
        return garbage;
    }

    private static Request request(String variable, String value) {
        Environ environ = Environs.of("GET", new byte[0]);
        environ.put(variable, value);
        return new Request(environ);
    }

    private static final Map<String, Consumer<String>> PARSERS = parsers();

    private static Map<String, Consumer<String>> parsers() {
        Map<String, Consumer<String>> parsers = new LinkedHashMap<>();
        parsers.put("Accept", text -> {
            var accept = request("HTTP_ACCEPT", text).acceptMimetypes();
            accept.bestMatch(List.of("text/html", "application/json"));
        });
        parsers.put(
                "Accept-Charset",
                text -> request("HTTP_ACCEPT_CHARSET", text).acceptCharsets().bestMatch(List.of("utf-8")));
        parsers.put("Accept-Encoding", text -> Accept.parse(text).bestMatch(List.of("br", "gzip")));
        parsers.put(
                "Accept-Language",
                text -> request("HTTP_ACCEPT_LANGUAGE", text).acceptLanguages().bestMatch(List.of("de", "en-US")));
        parsers.put("Authorization", text -> request("HTTP_AUTHORIZATION", text).authorization());
        parsers.put(
                "Cache-Control",
                text -> request("HTTP_CACHE_CONTROL", text).cacheControl().maxAge());
        parsers.put("Content-Range", ContentRange::parse);
        parsers.put("Content-Type", text -> request("CONTENT_TYPE", text).mimetype());
        parsers.put("Cookie", text -> CookieHeader.parse(text, (_, _) -> {}));
        parsers.put("Host", text -> {
            HostHeader.of("http", text);
            request("HTTP_HOST", text).url().full();
        });
        parsers.put("If-Match", text -> request("HTTP_IF_MATCH", text).ifMatch());
        parsers.put("If-Modified-Since", HttpDate::parse);
        parsers.put("If-Range", text -> request("HTTP_IF_RANGE", text).ifRange());
        parsers.put("Range", text -> request("HTTP_RANGE", text).range());
        parsers.put("WWW-Authenticate", WwwAuthenticate::parse);
        parsers.put("a list", text -> {
            HeaderList.parse(text);
            HeaderList.parsePairs(text);
        });
        parsers.put("options", text -> OptionsHeader.parse(text).format());
        parsers.put("a query", text -> QueryString.parse(text, (_, _) -> {}));
        parsers.put("a URL", text -> {
            request("QUERY_STRING", text).url().full();
            request("PATH_INFO", text).url().full();
        });
        parsers.put("conditions", text -> {
            Request request = request("HTTP_IF_NONE_MATCH", text);
            request.environ().put("HTTP_RANGE", text);
            new Response("0123456789").addEtag().makeConditional(request);
        });
        parsers.put("a multipart form", text -> {
            Request request = request("CONTENT_TYPE", "multipart/form-data; boundary=b");
            String body = "--b\r\nContent-Disposition: " + text + "\r\n\r\n" + text + "\r\n--b--";
            request.environ().put("REQUEST_METHOD", "POST");
            request.environ().put("wsgi.input", new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
            try {
                request.form();
            } catch (HttpException e) {
                assertThat(e.code()).isIn(400, 413);
            }
        });
        return parsers;
    }

    static List<String> names() {
        return List.copyOf(PARSERS.keySet());
    }

    private static final List<String> GARBAGE = garbage();

    @ParameterizedTest
    @MethodSource("names")
    void garbageIsReadInLinearTimeAndHarmsNobody(String name) {
        Consumer<String> parser = Objects.requireNonNull(PARSERS.get(name));
        for (String text : GARBAGE) {
            long before = System.nanoTime();
            parser.accept(text);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("%s: %s...", name, text.substring(0, Math.min(text.length(), 20)))
                    .isLessThan(LINEAR);
        }
    }
}
