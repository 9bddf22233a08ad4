package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.Subdomain;
import dev.loomgate.toolkit.routing.Submount;
import dev.loomgate.toolkit.test.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardedRulesTest {
    private final List<String> asked = new ArrayList<>();

    private Guard asking(String name) {
        return (_, _) -> {
            asked.add(name);
            return Optional.empty();
        };
    }

    private static Guard refusing() {
        return (_, rule) -> {
            throw new Forbidden("not " + rule.pattern());
        };
    }

    @Test
    void aRulesGuardStandsBeforeThatRuleAlone() {
        Client client = Client.of(WebApplication.of(
                Route.get("/", _ -> "home"), Route.get("/admin", _ -> "admin").guardedBy(refusing())));

        assertThat(client.get("/").send().text()).isEqualTo("home");
        assertThat(client.get("/admin").send().code()).isEqualTo(403);
    }

    @Test
    void aSubmountsGuardStandsBeforeEachRuleBelow() {
        Application raw = (environ, startResponse) -> new Response("raw").call(environ, startResponse);
        Client client = Client.of(WebApplication.of(
                Route.get("/", _ -> "home"),
                Submount.of("/admin", Route.get("/", _ -> "admin"), Submount.of("/files", Rule.of("/<path:file>", raw)))
                        .guardedBy(refusing())));

        assertThat(client.get("/").send().code()).isEqualTo(200);
        assertThat(client.get("/admin/").send().text()).contains("not /admin/");
        assertThat(client.get("/admin/files/a/b").send().code()).isEqualTo(403);
        assertThat(client.get("/admin/none").send().code()).isEqualTo(404);
    }

    @Test
    void theOutermostIsAskedFirst() {
        Client client = Client.of(WebApplication.of(Submount.of(
                                "/a",
                                Submount.of("/b", Route.get("/c", _ -> "c").guardedBy(asking("rule")))
                                        .guardedBy(asking("inner")))
                        .guardedBy(asking("outer")))
                .withGuard(asking("application"))
                .withGuard(asking("application's second")));

        assertThat(client.get("/a/b/c").send().text()).isEqualTo("c");
        assertThat(asked).containsExactly("application", "application's second", "outer", "inner", "rule");
    }

    @Test
    void theFirstThatAnswersIsTheLastThatIsAsked() {
        Guard redirecting = (_, _) -> Optional.of(Response.redirect("/login"));
        Client client = Client.of(
                WebApplication.of(Submount.of("/a", Route.get("/b", _ -> "b").guardedBy(asking("rule")))
                        .guardedBy(redirecting)));

        assertThat(client.get("/a/b").send().header("Location")).endsWith("/login");
        assertThat(asked).isEmpty();
    }

    @Test
    void aGuardStaysOnARuleThatIsChangedAfterwards() {
        Client client = Client.of(WebApplication.of(Subdomain.of(
                "",
                Submount.of(
                        "/a",
                        Route.get("/b", _ -> "b")
                                .guardedBy(refusing())
                                .blocking()
                                .withMethods("GET")))));

        assertThat(client.get("/a/b").send().code()).isEqualTo(403);
    }
}
