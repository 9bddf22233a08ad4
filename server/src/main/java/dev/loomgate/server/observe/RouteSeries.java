package dev.loomgate.server.observe;

import java.util.Arrays;
import java.util.List;

/// A loop's series of one route: one for each kind of requests that it has had. Changed by the loop side alone; read by
/// any thread.
final class RouteSeries {
    // Beyond it method and status are counted together: an application may answer with any number.
    private static final int MOST_KINDS = 100;

    final String route;

    private volatile RequestSeries[] kinds = {};

    RouteSeries(String route) {
        this.route = route;
    }

    /// The series of a kind, which is made if there is none. Few: so a search along them is the quickest.
    RequestSeries of(int kind) {
        RequestSeries[] known = kinds;
        for (RequestSeries each : known) {
            if (each.kind == kind) {
                return each;
            }
        }
        int other = RequestKind.other(kind);
        if (known.length >= MOST_KINDS && other != kind) {
            return of(other);
        }
        RequestSeries made = new RequestSeries(kind);
        RequestSeries[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = made;
        kinds = more;
        return made;
    }

    List<RequestSeries> all() {
        return List.of(kinds);
    }
}
