package dev.loomgate.toolkit.routes;

import java.util.List;
import java.util.function.Function;

/// Reads a rule: the only place that knows how they are written.
final class RuleText {
    private RuleText() {}

    /// @param subject what is behind the phase in the option's name: empty, `if`, `host`, `status`, `run`, `label`...
    /// @param text the option's value
    /// @throws IllegalArgumentException if it is no rule
    static Rule parse(String subject, String text) {
        if (subject.equals("label")) {
            return new Rule.Label(text);
        }
        if (subject.equals("run")) {
            return new Rule.Step(null, Actions.parse(text));
        }
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("'%s' is no rule: it has no space before its action".formatted(text));
        }
        return new Rule.Step(condition(subject, text.substring(0, space)), Actions.parse(text.substring(space + 1)));
    }

    private static Condition condition(String subject, String text) {
        return switch (subject) {
            case "if" -> Conditions.parse(text);
            case "if-not" -> {
                Condition condition = Conditions.parse(text);
                yield trip -> {
                    boolean holds = condition.holds(trip);
                    trip.groups(List.of());
                    return !holds;
                };
            }
            case "status" -> {
                long status = Numbers.leading(text);
                yield trip -> trip.status() == status;
            }
            default -> Conditions.matching(subject(subject), text);
        };
    }

    private static Function<Trip, String> subject(String subject) {
        return switch (subject) {
            case "" -> trip -> trip.environ().path();
            case "host" -> of("HTTP_HOST");
            case "uri" -> trip -> trip.environ().requestUri();
            case "qs" -> trip -> trip.environ().queryString();
            case "remote-addr" -> of("REMOTE_ADDR");
            case "remote-user" -> of("REMOTE_USER");
            case "user-agent" -> of("HTTP_USER_AGENT");
            case "referer" -> of("HTTP_REFERER");
            default -> throw new IllegalArgumentException("there are no rules on '%s'".formatted(subject));
        };
    }

    private static Function<Trip, String> of(String variable) {
        return trip -> trip.variable(variable);
    }
}
