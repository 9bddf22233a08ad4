package dev.loomgate.toolkit.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.Flash;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Texts that are shown once, and what a login does to a session that somebody else knew.
class FlashTest {
    private static final WebApplication SITE = WebApplication.of(
            Route.get("/save", request -> {
                request.session().flash("success", "Saved <b>it</b>.").flash("info", "Ä");
                return Response.redirect("/");
            }),
            Route.get(
                    "/",
                    request -> request.session().takeFlashes() + " "
                            + request.session().takeFlashes()),
            Route.get("/elsewhere", _ -> "nothing"),
            Route.get("/login", request -> {
                request.session().renew().put("user", "Bob");
                return "hello";
            }),
            Route.get("/who", request -> request.session().get("user").orElse("a stranger")));

    static Stream<Sessions> kinds() {
        return Stream.of(Sessions.signed("0123456789abcdef"), Sessions.stored(SessionStore.inMemory()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFlashIsShownOnceByTheNextPageThatAsks(Sessions sessions) {
        Client client = Client.of(sessions.wrap(SITE));
        client.get("/save").send();
        client.get("/elsewhere").send();

        String shown = client.get("/").send().text();

        List<Flash> both = List.of(new Flash("success", "Saved <b>it</b>."), new Flash("info", "Ä"));
        assertThat(shown).isEqualTo(both + " []");
        assertThat(client.get("/").send().text()).isEqualTo("[] []");
        assertThat(client.cookies().value("session")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionThatAnAttackerGaveTheClientIsNotTheOneThatLogsIn(Sessions sessions) {
        Client attacker = Client.of(sessions.wrap(SITE));
        String planted = attacker.get("/save").send().header("Set-Cookie").replaceAll(";.*", "");
        Client victim = Client.of(sessions.wrap(SITE));

        String login = victim.get("/login").header("Cookie", planted).send().header("Set-Cookie");

        assertThat(login).startsWith("session=").doesNotStartWith(planted + ";");
        assertThat(attacker.get("/who").send().text()).isEqualTo("a stranger");
        assertThat(victim.get("/who").send().text()).isEqualTo("Bob");
    }
}
