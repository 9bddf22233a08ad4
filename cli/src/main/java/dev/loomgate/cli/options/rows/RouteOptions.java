package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.RouteLine;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.toolkit.routes.Routes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Rules on requests and responses.
public final class RouteOptions {
    private static final Map<String, String> PHASES = Map.of(
            "route", "before the application",
            "error-route", "when a response begins whose status is 400 or more",
            "response-route", "when a response begins",
            "final-route", "when a response is over");

    private static final List<Option<List<RouteLine>>> RULES = rules();

    static final Option<List<String>> ADD_HEADER = Option.values(ValueType.TEXT, "--add-header")
            .label("NAME: VALUE")
            .inUwsgi(Option.SAME)
            .says("a header that every response has");

    static final Option<List<String>> REM_HEADER = Option.values(ValueType.TEXT, "--rem-header", "--del-header")
            .label("NAME")
            .inUwsgi(Option.SAME)
            .says("a header that is taken away from responses");

    static final Option<List<String>> COLLECT_HEADER = Option.values(ValueType.TEXT, "--collect-header")
            .label("NAME VARIABLE")
            .inUwsgi(Option.SAME)
            .says("a response's header that is kept as a variable, and told in the access log");

    static final Option<List<String>> PULL_HEADER = Option.values(ValueType.TEXT, "--pull-header")
            .label("NAME VARIABLE")
            .inUwsgi(Option.SAME)
            .says("the same, and the client doesn't get it");

    /// In the order of the help.
    public static final List<Option<?>> ALL = all();

    private RouteOptions() {}

    private static List<Option<List<RouteLine>>> rules() {
        List<Option<List<RouteLine>>> rules = new ArrayList<>();
        for (String phase : List.of("route", "error-route", "response-route", "final-route")) {
            String when = PHASES.get(phase);
            rules.add(rule(phase, "", "REGEX ACTION", "an action " + when + ", where PATH_INFO matches"));
            rules.add(rule(phase, "-if", "CONDITION ACTION", "the same where a condition holds"));
            rules.add(rule(phase, "-if-not", "CONDITION ACTION", "the same where it doesn't"));
            rules.add(rule(phase, "-run", "ACTION", "the same always"));
            rules.add(rule(phase, "-label", "NAME", "where goto:NAME leads"));
            if (!phase.equals("route")) {
                rules.add(rule(phase, "-status", "CODE ACTION", "the same where the status is CODE"));
            }
            rules.add(rule(phase, "-host", "REGEX ACTION", "the same where HTTP_HOST matches"));
            rules.add(rule(phase, "-uri", "REGEX ACTION", "the same where REQUEST_URI matches"));
            rules.add(rule(phase, "-qs", "REGEX ACTION", "the same where QUERY_STRING matches"));
            rules.add(rule(phase, "-remote-addr", "REGEX ACTION", "the same where REMOTE_ADDR matches"));
            rules.add(rule(phase, "-remote-user", "REGEX ACTION", "the same where REMOTE_USER matches"));
            rules.add(rule(phase, "-user-agent", "REGEX ACTION", "the same where HTTP_USER_AGENT matches"));
            rules.add(rule(phase, "-referer", "REGEX ACTION", "the same where HTTP_REFERER matches"));
        }
        return rules;
    }

    private static Option<List<RouteLine>> rule(String phase, String subject, String label, String says) {
        String name = phase + subject;
        return Option.values(RouteLine.type(name), "--" + name)
                .label(label)
                .inUwsgi(Option.SAME)
                .says(says);
    }

    private static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(List.of(ADD_HEADER, REM_HEADER, COLLECT_HEADER, PULL_HEADER));
        all.addAll(RULES);
        return all;
    }

    /// All rules, in the order in which they were given.
    ///
    /// @throws IllegalArgumentException if one isn't a rule
    public static Routes routes(OptionValues values) {
        List<RouteLine> lines = RULES.stream()
                .flatMap(option -> values.of(option).stream())
                .sorted(Comparator.comparingLong(RouteLine::place))
                .toList();
        Routes routes = Routes.of();
        for (RouteLine line : lines) {
            routes = routes.with(line.option(), line.text());
        }
        for (String header : values.of(ADD_HEADER)) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--add-header: '%s' is not NAME: VALUE".formatted(header));
            }
            routes = routes.withHeader(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        for (String name : values.of(REM_HEADER)) {
            routes = routes.withoutHeader(name);
        }
        routes = collected(routes, "--collect-header", values.of(COLLECT_HEADER), false);
        return collected(routes, "--pull-header", values.of(PULL_HEADER), true);
    }

    private static Routes collected(Routes routes, String option, List<String> texts, boolean removed) {
        Routes more = routes;
        for (String text : texts) {
            String[] words = text.strip().split(" +", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException("%s: '%s' is not NAME VARIABLE".formatted(option, text));
            }
            more = more.withCollected(words[0], words[1], removed);
        }
        return more;
    }
}
