package dev.loomgate.toolkit.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private static final Application APPLICATION = (environ, startResponse) -> {
        int status = environ.path().startsWith("/missing") ? 404 : 200;
        return new Response(
                        environ.path() + "?" + environ.queryString() + " " + environ.text("REMOTE_USER", "-"), status)
                .header("X-Application", "yes")
                .header("X-Other", "yes")
                .call(environ, startResponse);
    };

    @TempDir
    private Path directory;

    private static Client client(Routes routes) {
        return Client.of(new Lint().wrap(routes.wrap(new Lint().wrap(APPLICATION))));
    }

    private static Client client(String... optionsAndTexts) {
        Routes routes = Routes.of();
        for (int i = 0; i < optionsAndTexts.length; i += 2) {
            routes = routes.with(optionsAndTexts[i], optionsAndTexts[i + 1]);
        }
        return client(routes);
    }

    @Test
    void aRedirectHasWhatTheExpressionFound() {
        TestResponse response = client("route", "^/old/(.*) redirect-permanent:/new/$1")
                .get("/old/a/b")
                .send();

        assertThat(response.code()).isEqualTo(301);
        assertThat(response.header("Location")).isEqualTo("/new/a/b");
        assertThat(response.header("X-Application")).isEmpty();
    }

    @Test
    void whatDoesNotMatchIsTheApplications() {
        assertThat(client("route", "^/old redirect:/new").get("/other").send().text())
                .isEqualTo("/other? -");
    }

    @Test
    void anotherPathKeepsTheQueryBehindTheNewOne() {
        assertThat(client("route", "^/u/(\\d+)$ rewrite:/user%2F?id=$1")
                        .get("/u/7?x=1")
                        .send()
                        .text())
                .isEqualTo("/user/?id=7&x=1 -");
    }

    @Test
    void rulesAreAskedInTheirOrderUntilOneSaysThatItIsEnough() {
        Client client =
                client("route", "^/a addheader:X-One: 1", "route", "^/a last:", "route-run", "addheader:X-Two: 2");

        assertThat(client.get("/a").send().header("X-One")).isEqualTo("1");
        assertThat(client.get("/a").send().header("X-Two")).isEmpty();
        assertThat(client.get("/b").send().header("X-Two")).isEqualTo("2");
    }

    @Test
    void theLengthIsThatOfTheBody() {
        Client client = Client.of(Routes.of()
                .with("route-if-not", "startswith:${PATH_INFO};/fix forcecl:5")
                .with("route", "^/fix fixcl:5")
                .wrap((environ, startResponse) -> {
                    startResponse.start(
                            Status.OK,
                            environ.path().endsWith("/own")
                                    ? Headers.of("Content-Type", "text/plain", "Content-Length", "2")
                                    : Headers.of("Content-Type", "text/plain"));
                    String text = environ.path().endsWith("/long") ? "123456" : "12";
                    return Body.stream(writer -> writer.write(text));
                }));

        assertThat(client.get("/").send().header("Content-Length")).isEqualTo("2");
        assertThat(client.get("/own").send().header("Content-Length")).isEqualTo("2");
        assertThat(client.get("/fix").send().header("Content-Length")).isEqualTo("2");
        assertThat(client.get("/fix/own").send().text()).isEqualTo("12");
        assertThatThrownBy(() -> client.get("/long").send()).hasStackTraceContaining("over 5 bytes (forcecl:BYTES)");
    }

    @Test
    void gotoLeadsForwards() {
        Client client = client(
                "route", "^/skip goto:there",
                "route-run", "addheader:X-Skipped: no",
                "route-label", "there",
                "route-run", "addheader:X-End: yes");

        assertThat(client.get("/skip").send().header("X-Skipped")).isEmpty();
        assertThat(client.get("/skip").send().header("X-End")).isEqualTo("yes");
        assertThat(client.get("/").send().header("X-Skipped")).isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource({
        "equal:${PATH_INFO};/a, true",
        "equal:${PATH_INFO};/b, false",
        "startswith:${PATH_INFO};/, true",
        "endswith:${PATH_INFO};a, true",
        "contains:${QUERY_STRING};y=2, true",
        "empty:${REMOTE_USER}, true",
        "empty:${PATH_INFO}, false",
        "ishigher:${qs[y]};1, true",
        "islower:${qs[y]};2, false",
        "islowerequal:${qs[y]};2, true",
        "regexp:${qs[y]};^[0-9]$, true",
        "isdir:/, true",
        "isfile:/, false",
        "exists:/no/such, false",
        "equal:${cookie[c]};v, true",
        "equal:${lower[REQUEST_METHOD]};get, true",
        "ipv4in:10.1.2.3;10.0.0.0/8, true",
        "ipv4in:11.1.2.3;10.0.0.0/8, false",
        "ipv4in:example.org;10.0.0.0/8, false",
        "ipv6in:fd00::1;fd00::/8, true",
    })
    void aConditionHoldsOrNot(String condition, boolean holds) {
        TestResponse response = client(
                        "route-if", condition + " addheader:X-If: 1", "route-if-not", condition + " addheader:X-Not: 1")
                .get("/a?x=1&y=2")
                .header("Cookie", "a=b; c=v")
                .send();

        assertThat(response.header("X-If").equals("1")).isEqualTo(holds);
        assertThat(response.header("X-Not").equals("1")).isEqualTo(!holds);
    }

    @Test
    void anErrorHasAnotherPage() throws IOException {
        Path page = directory.resolve("404.html").toAbsolutePath();
        Files.writeString(page, "<h1>gone");
        Client client =
                client("error-route-status", "404 file:filename=" + page.toRealPath() + ",status=404 Not Found");

        TestResponse response = client.get("/missing").send();

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.text()).isEqualTo("<h1>gone");
        assertThat(response.header("Content-Type")).isEqualTo("text/html");
        assertThat(client.get("/there").send().text()).isEqualTo("/there? -");
    }

    @Test
    void responsesHaveAndLoseHeaders() {
        Client client = client(Routes.of()
                .with("response-route-if", "equal:${uwsgi[status]};404 addheader:X-Missing: yes")
                .with("route", "^/bare remheader:X-Application")
                .withHeader("X-Always", "1")
                .withoutHeader("X-Other"));

        assertThat(client.get("/missing").send().header("X-Missing")).isEqualTo("yes");
        assertThat(client.get("/there").send().header("X-Missing")).isEmpty();
        assertThat(client.get("/there").send().header("X-Always")).isEqualTo("1");
        assertThat(client.get("/there").send().header("X-Other")).isEmpty();
        assertThat(client.get("/there").send().header("X-Application")).isEqualTo("yes");
        assertThat(client.get("/bare").send().header("X-Application")).isEmpty();
    }

    @Test
    void aPulledHeaderIsAVariableOfRulesAlone() {
        Client client = client(Routes.of()
                .withCollected("X-Application", "APP", true)
                .with("response-route-run", "addheader:X-Copy: ${APP}"));

        TestResponse response = client.get("/").send();

        assertThat(response.header("X-Copy")).isEqualTo("yes");
        assertThat(response.header("X-Application")).isEmpty();
    }

    @Test
    void aPasswordIsAskedFor() {
        Client client = client("route", "^/admin basicauth:Admin,bob:secret");

        TestResponse refused = client.get("/admin").send();
        assertThat(refused.code()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Admin\"");
        assertThat(client.get("/admin")
                        .header("Authorization", "Basic Ym9iOnNlY3JldA==")
                        .send()
                        .text())
                .isEqualTo("/admin? bob");
        assertThat(client.get("/admin")
                        .header("Authorization", "Basic Ym9iOndyb25n")
                        .send()
                        .code())
                .isEqualTo(401);
        assertThat(client.get("/").send().code()).isEqualTo(200);
    }

    @Test
    void filesAreLookedForByThePathThatTheClientAskedFor() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "file");
        Client client = client(Routes.of()
                .with("route", "^/s/ addheader:X-Static: 1")
                .with("route", "^/s/ rewrite:/elsewhere")
                .withFiles(List.of(StaticFiles.ofPlace("/s", directory))));

        assertThat(client.get("/s/a.txt").send().text()).isEqualTo("file");
        assertThat(client.get("/s/a.txt").send().header("X-Static")).isEqualTo("1");
        assertThat(client.get("/s/b.txt").send().text()).isEqualTo("/elsewhere? -");
    }

    @Test
    void aFileOfARuleNeverLeadsUpwardsOrByALink() throws IOException {
        Path real = directory.toRealPath();
        Files.writeString(real.resolve("secret"), "secret");
        Path open = Files.createDirectories(real.resolve("open"));
        Files.writeString(open.resolve("a.txt"), "a");
        Files.createSymbolicLink(open.resolve("link"), real.resolve("secret"));
        Client client = client("route-qs", "^f=(.*)$ static:" + open + "/$1");

        assertThat(client.get("/?f=a.txt").send().text()).isEqualTo("a");
        assertThat(client.get("/?f=../secret").send().code()).isEqualTo(404);
        assertThat(client.get("/?f=link").send().code()).isEqualTo(404);
        assertThat(client.get("/?f=none").send().code()).isEqualTo(404);
    }

    @Test
    void rulesAtTheEndSeeTheStatus() throws IOException {
        List<String> seen = new ArrayList<>();
        Routes routes = Routes.of().with("final-route-status", "404 addvar:SEEN=${uwsgi[status]}");
        Application application = (environ, startResponse) -> routes.wrap(APPLICATION)
                .call(environ, startResponse)
                .onClose(() -> seen.add(environ.text("SEEN", "-")));

        Client.of(application).get("/missing").send();
        Client.of(application).get("/there").send();

        assertThat(seen).containsExactly("404", "-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "route | ^/a | no space before its action",
                "route | ^( redirect:/b | is no regular expression",
                "route | ^/a http:127.0.0.1:80 | isn't offered",
                "route | ^/a nonsense:x | there is no action 'nonsense'",
                "route | ^/a redirect | is no action",
                "route-if | odd:1 break: | there is no condition 'odd'",
                "route-if | equal:1 break: | takes two values",
                "route-day | ^/a break: | there are no rules on 'day'",
                "routes | ^/a break: | names no rules",
                "route-run | return:999 | is no status",
                "route-run | addheader:X | is not NAME: VALUE",
                "route-run | file:name=x | there is no 'name'",
            })
    void whatIsNoRuleIsSaid(String option, String text, String message) {
        assertThatThrownBy(() -> Routes.of().with(option, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
