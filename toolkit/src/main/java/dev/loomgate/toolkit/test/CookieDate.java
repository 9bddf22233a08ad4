package dev.loomgate.toolkit.test;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A cookie's `Expires` as browsers read it, which take far more than HTTP's dates (RFC 6265 section 5.1.1): a time, a
/// day, a month and a year in any order, with anything between them.
final class CookieDate {
    private static final Pattern DELIMITERS = Pattern.compile("[\\x09\\x20-\\x2F\\x3B-\\x40\\x5B-\\x60\\x7B-\\x7E]+");
    private static final Pattern TIME =
            Pattern.compile("([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final Pattern DAY = Pattern.compile("([0-9]{1,2})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final Pattern YEAR = Pattern.compile("([0-9]{2,4})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final int FIRST_YEAR = 1601;

    private @Nullable Matcher time;
    private int day = -1;
    private int month = -1;
    private int year = -1;

    private CookieDate() {}

    /// The time; empty if it is none.
    static Optional<Instant> parse(String text) {
        CookieDate date = new CookieDate();
        for (String token : DELIMITERS.split(text, -1)) {
            date.take(token);
        }
        return date.instant();
    }

    private void take(String token) {
        if (time == null) {
            Matcher matcher = TIME.matcher(token);
            if (matcher.matches()) {
                time = matcher;
                return;
            }
        }
        if (day < 0) {
            day = number(DAY, token);
            if (day >= 0) {
                return;
            }
        }
        if (month < 0) {
            month = token.length() < 3
                    ? -1
                    : MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT));
            if (month >= 0) {
                return;
            }
        }
        if (year < 0) {
            year = number(YEAR, token);
        }
    }

    private static int number(Pattern pattern, String token) {
        Matcher matcher = pattern.matcher(token);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private Optional<Instant> instant() {
        if (time == null || day < 0 || month < 0 || year < 0) {
            return Optional.empty();
        }
        int century = year < 70 ? 2000 : year < 100 ? 1900 : 0;
        if (century + year < FIRST_YEAR) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            century + year,
                            month + 1,
                            day,
                            Integer.parseInt(time.group(1)),
                            Integer.parseInt(time.group(2)),
                            Integer.parseInt(time.group(3)))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
