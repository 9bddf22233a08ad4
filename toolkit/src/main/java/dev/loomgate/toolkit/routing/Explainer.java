package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.converters.Converter;
import dev.loomgate.toolkit.routing.matching.Branch;
import dev.loomgate.toolkit.routing.matching.Part;
import dev.loomgate.toolkit.routing.matching.RuleToken;
import dev.loomgate.toolkit.routing.matching.Search;
import dev.loomgate.toolkit.routing.matching.Verb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks one rule after the other, which a search doesn't: for people who wonder.
final class Explainer<E> {
    private final List<CompiledRule<E>> rules;
    private final @Nullable CompiledRule<E> answering;
    private final String domain;
    private final String path;
    private final String[] segments;
    private final Verb verb;
    private final boolean websocket;

    Explainer(UrlMap<E> map, String domain, String path, Verb verb, boolean websocket) {
        Search.Candidate<CompiledRule<E>> candidate =
                new Search<CompiledRule<E>>(domain, path, verb, websocket).walk(map.root());
        answering = candidate == null ? null : candidate.rule();
        rules = new ArrayList<>(map.compiled());
        rules.sort(Comparator.comparingInt(rule -> rule.rank()));
        this.domain = domain;
        this.path = path;
        segments =
                Stream.concat(Stream.of(domain), Stream.of(path.split("/", -1))).toArray(String[]::new);
        this.verb = verb;
        this.websocket = websocket;
    }

    List<Explanation<E>> explain() {
        List<Explanation<E>> explanations = new ArrayList<>();
        for (CompiledRule<E> rule : rules) {
            explanations.add(explain(rule));
        }
        return explanations;
    }

    private Explanation<E> explain(CompiledRule<E> rule) {
        if (rule.rule.isBuildOnly()) {
            return new Explanation<>(rule.rule, false, "it only builds URLs");
        }
        Branch<CompiledRule<E>> alone = new Branch<>();
        var _ = alone.add(rule);
        Search<CompiledRule<E>> search = new Search<>(domain, path, verb, websocket);
        Search.Candidate<CompiledRule<E>> candidate = search.walk(alone.state());
        if (candidate != null) {
            String how = candidate.slash() ? "with a slash at its end, to which it redirects" : "it fits";
            return new Explanation<>(
                    rule.rule, true, rule == answering ? how : how + ", but another one comes before it");
        }
        if (!search.allowed().isEmpty()) {
            return new Explanation<>(rule.rule, false, verb.name() + " is none of its methods");
        }
        if (search.websocketMismatch()) {
            String kind = websocket ? "the request is a WebSocket's handshake" : "it is for WebSockets";
            return new Explanation<>(rule.rule, false, kind);
        }
        return new Explanation<>(rule.rule, false, misfit(rule));
    }

    /// The first segment that doesn't fit.
    private String misfit(CompiledRule<E> rule) {
        if (!fits(rule.parts().getFirst(), 0)) {
            return "the domain '%s' is not its own".formatted(segments[0]);
        }
        for (int i = 1; i < rule.parts().size(); i++) {
            Part part = rule.parts().get(i);
            if (i >= segments.length) {
                return "the path ends before " + shown(part);
            }
            if (!fits(part, i)) {
                return "'%s' doesn't fit %s".formatted(rest(part, i), shown(part));
            }
            if (part instanceof Part.Dynamic dynamic && dynamic.takesRest()) {
                return "what follows doesn't fit";
            }
        }
        return segments.length > rule.parts().size()
                ? "the path goes on with '%s'".formatted(segments[rule.parts().size()])
                : "it differs in its slashes";
    }

    private boolean fits(Part part, int segment) {
        return switch (part) {
            case Part.Static(String text) -> text.equals(segments[segment]);
            case Part.Dynamic dynamic -> {
                String text = rest(part, segment);
                Converter<?> whole = dynamic.whole();
                yield whole != null
                        ? dynamic.value(whole, text).isPresent()
                        : dynamic.pattern().matcher(text).lookingAt();
            }
        };
    }

    private String rest(Part part, int segment) {
        return part instanceof Part.Dynamic dynamic && dynamic.takesRest()
                ? String.join("/", List.of(segments).subList(segment, segments.length))
                : segments[segment];
    }

    private static String shown(Part part) {
        return switch (part) {
            case Part.Static(String text) -> "'" + text + "'";
            case Part.Dynamic dynamic -> {
                StringBuilder spec = new StringBuilder();
                for (RuleToken token : dynamic.spec()) {
                    switch (token) {
                        case RuleToken.Slash() -> spec.append('/');
                        case RuleToken.Static(String text) -> spec.append(text);
                        case RuleToken.Variable variable ->
                            spec.append('<')
                                    .append(variable.converter())
                                    .append(variable.arguments().isEmpty() ? "" : "(" + variable.arguments() + ")")
                                    .append('>');
                    }
                }
                yield spec.toString();
            }
        };
    }
}
