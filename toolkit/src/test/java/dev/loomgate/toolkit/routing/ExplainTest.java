package dev.loomgate.toolkit.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExplainTest {
    private static final UrlMap<String> MAP = UrlMap.of(
            Rule.of("/user/new", "new"),
            Rule.of("/user/<int:id>", "user"),
            Rule.of("/user/<name>", "named").withMethods("POST"),
            Rule.of("/user/<name>/", "branch"),
            Rule.of("/<path:rest>", "rest"),
            Rule.of("/built", "built").asBuildOnly(),
            Rule.of("/user/<name>", "socket").asWebsocket(),
            Subdomain.of("api", Rule.of("/user/<x>", "api")));

    private static String of(String path) {
        return String.join(
                "\n", MAP.explain(path).stream().map(Explanation::toString).toList());
    }

    @Test
    void eachRuleSaysWhyItAnswersOrDoesNot() {
        assertThat(of("/user/bob").lines())
                .containsExactlyInAnyOrder(
                        "/user/new: no, 'bob' doesn't fit 'new'",
                        "/user/<int:id>: no, 'bob' doesn't fit <int>",
                        "/user/<name> (POST): no, GET is none of its methods",
                        "/user/<name>/: yes, with a slash at its end, to which it redirects",
                        "/<path:rest>: yes, it fits, but another one comes before it",
                        "/built: no, it only builds URLs",
                        "/user/<name>: no, it is for WebSockets",
                        "/user/<x>: no, the domain '' is not its own");
        assertThat(of("/user")).contains("/user/new: no, the path ends before 'new'");
        assertThat(of("/user/new/x")).contains("/user/new: no, the path goes on with 'x'");
    }

    @Test
    void oneRuleSaysYesWithoutAnyBut() {
        for (String path : new String[] {"/user/new", "/user/7", "/user/x", "/x/y", "/user/x/"}) {
            String first = MAP.explain(path).stream()
                    .filter(each -> each.matches() && !each.reason().contains("but"))
                    .findFirst()
                    .orElseThrow()
                    .rule()
                    .endpoint();
            MapAdapter<String> urls = MAP.bind(FixedBinding.to("localhost"));
            String found = urls.tryMatch(path, "GET") instanceof Outcome.Found<String>(Match<String> match)
                    ? match.endpoint()
                    : "branch";
            assertThat(first).as(path).isEqualTo(found);
        }
    }

    @Test
    void aRedirectMayBeComputed() {
        UrlMap<String> map =
                UrlMap.of(Rule.of("/old/<int:id>", "old").withRedirect(values -> "/new?id=" + values.get("id")));

        assertThat(map.bind(FixedBinding.to("example.org")).tryMatch("/old/7", "GET"))
                .isEqualTo(new Outcome.Redirect<>("http://example.org/new?id=7"));
    }

    @Test
    void aRedirectWithAnUnknownVariableStopsTheStart() {
        assertThatThrownBy(() -> UrlMap.of(Rule.of("/old/<id>", "old").withRedirect("new/<name>")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("URL rule '/old/<id>': redirects to 'new/<name>', but has no variable 'name'");
    }
}
