package dev.loomgate.server.observe;

import java.util.Arrays;
import java.util.List;

/// The bounds of the histogram `http.server.request.duration`, as OpenTelemetry's semantic conventions for HTTP advise
/// them.
public final class DurationBounds {
    private static final long[] NANOS = {
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        75_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        750_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        7_500_000_000L,
        10_000_000_000L
    };

    /// How many there are; one bucket more has what took longer.
    public static final int COUNT = NANOS.length;

    /// In nanoseconds, in their order.
    public static final List<Long> ALL = Arrays.stream(NANOS).boxed().toList();

    private DurationBounds() {}

    /// Which bucket a request is in.
    static int bucket(long nanos) {
        int bucket = 0;
        while (bucket < COUNT && nanos > NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
