package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Environ;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// `rewrite:PATH?QUERY`: another path, and a query that goes before the request's own.
final class Rewrite {
    private Rewrite() {}

    static Action action(String argument, Action.Outcome outcome) {
        Template template = Template.of(argument);
        return trip -> {
            String target = template.fill(trip);
            int mark = target.indexOf('?');
            Environ environ = trip.environ();
            String query = environ.queryString();
            if (mark >= 0) {
                String first = target.substring(mark + 1);
                environ.put("QUERY_STRING", query.isEmpty() ? first : first + "&" + query);
                target = target.substring(0, mark);
            }
            environ.put("PATH_INFO", decoded(target));
            return outcome;
        };
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }
}
