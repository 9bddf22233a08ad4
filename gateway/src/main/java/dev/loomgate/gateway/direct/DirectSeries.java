package dev.loomgate.gateway.direct;

import java.util.ArrayList;
import java.util.List;

/// Requests of one kind that processes have answered without the server in between: their histogram.
///
/// @param method of those that are known, or `_OTHER`
/// @param status of the response; 0 where it isn't told, because there were too many kinds
/// @param protocol `HTTP/1.1`
/// @param scheme `http` or `https`
/// @param counts how many took no longer than each of [DirectLimits#durationBounds] and longer than the one before;
///     at the end those that took longer than all
/// @param nanos that they have taken together
/// @param sentBytes of heads and bodies
public record DirectSeries(
        String method, int status, String protocol, String scheme, List<Long> counts, long nanos, long sentBytes) {
    public DirectSeries {
        counts = List.copyOf(counts);
    }

    /// What makes the kind, as one text: series of the same one can be added up.
    public String kind() {
        return method + " " + status + " " + protocol + " " + scheme;
    }

    /// The counts of two histograms together, bucket by bucket.
    ///
    /// @param other as many as of the first one
    public static List<Long> sums(List<Long> counts, List<Long> other) {
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + other.get(i));
        }
        return sums;
    }

    /// Both together, of the same kind.
    public DirectSeries plus(DirectSeries other) {
        return new DirectSeries(
                method,
                status,
                protocol,
                scheme,
                sums(counts, other.counts),
                nanos + other.nanos,
                sentBytes + other.sentBytes);
    }
}
