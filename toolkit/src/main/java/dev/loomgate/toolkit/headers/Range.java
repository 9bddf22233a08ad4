package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Which parts of a resource a client wants: the `Range` header (RFC 9110 section 14.2).
///
/// ```
/// bytes=0-99            the first hundred
/// bytes=100-            all but these
/// bytes=-100            the last hundred
/// bytes=0-0,-1          the first and the last one
/// ```
///
/// @param unit in lower case, `bytes` mostly
/// @param specs what is wanted, at least one
public record Range(String unit, List<Spec> specs) {
    /// One part.
    ///
    /// @param begin the first place; for the last bytes of a resource their number, negative
    /// @param end the place after the last one, if it is given
    public record Spec(long begin, OptionalLong end) {
        /// Which part this is of a resource of so many bytes; empty if it has none of these.
        public Optional<Part> of(long length) {
            long first = begin < 0 ? Math.max(0, length + begin) : begin;
            long last = Math.min(end.orElse(length), length);
            return first < last ? Optional.of(new Part(first, last)) : Optional.empty();
        }

        @Override
        public String toString() {
            return end.isPresent() ? begin + "-" + (end.getAsLong() - 1) : begin < 0 ? "" + begin : begin + "-";
        }
    }

    /// A part that exists.
    ///
    /// @param begin the first place
    /// @param end the place after the last one
    public record Part(long begin, long end) {
        public long length() {
            return end - begin;
        }
    }

    /// The header's parts; empty if it isn't well formed.
    public static Optional<Range> parse(String header) {
        int equals = header.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        List<Spec> specs = new ArrayList<>();
        for (String item : header.substring(equals + 1).split(",", -1)) {
            Optional<Spec> spec = spec(Ascii.trim(item));
            if (spec.isEmpty()) {
                return Optional.empty();
            }
            specs.add(spec.get());
        }
        String unit = Ascii.trim(header.substring(0, equals)).toLowerCase(Locale.ROOT);
        return Optional.of(new Range(unit, List.copyOf(specs)));
    }

    private static Optional<Spec> spec(String item) {
        int dash = item.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        OptionalLong begin = Digits.parse(Ascii.trim(item.substring(0, dash)));
        String rest = Ascii.trim(item.substring(dash + 1));
        OptionalLong end = Digits.parse(rest);
        if (dash == 0) {
            return end.isPresent() && end.getAsLong() > 0 && item.charAt(1) != ' '
                    ? Optional.of(new Spec(-end.getAsLong(), OptionalLong.empty()))
                    : Optional.empty();
        }
        if (begin.isEmpty() || (end.isEmpty() && !rest.isEmpty())) {
            return Optional.empty();
        }
        if (end.isEmpty()) {
            return Optional.of(new Spec(begin.getAsLong(), end));
        }
        return begin.getAsLong() <= end.getAsLong()
                ? Optional.of(new Spec(begin.getAsLong(), OptionalLong.of(end.getAsLong() + 1)))
                : Optional.empty();
    }

    /// The header.
    @Override
    public String toString() {
        return unit + "=" + specs.stream().map(Spec::toString).collect(Collectors.joining(","));
    }
}
