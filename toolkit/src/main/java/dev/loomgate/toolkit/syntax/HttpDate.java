package dev.loomgate.toolkit.syntax;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Dates as HTTP writes them (RFC 9110 section 5.6.7), in the form of today and in the two old ones.
///
/// ```
/// Sun, 06 Nov 1994 08:49:37 GMT
/// Sunday, 06-Nov-94 08:49:37 GMT
/// Sun Nov  6 08:49:37 1994
/// ```
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    // A year has four digits.
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final int LONGEST = 64;
    private static final String TIME = "(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(?::(?<second>\\d{1,2}))?";
    private static final Pattern DAY_FIRST =
            Pattern.compile("(?:[A-Za-z]+,? +)?(?<day>\\d{1,2})[ -](?<month>[A-Za-z]{3})"
                    + "[ -](?<year>\\d{4}|\\d{2}) +" + TIME + "(?: +(?<zone>GMT|UTC|UT|Z|[+-]\\d{4}))?");
    private static final Pattern MONTH_FIRST = Pattern.compile(
            "[A-Za-z]+,? +(?<month>[A-Za-z]{3}) +(?<day>\\d{1,2}) +" + TIME + " +(?<year>\\d{4})(?<zone>)");

    private HttpDate() {}

    /// Whether there is a date for this time: its year is one of 0 to 9999.
    public static boolean names(Instant instant) {
        return !instant.isBefore(FIRST) && !instant.isAfter(LAST);
    }

    /// The date, to the second.
    ///
    /// @throws IllegalArgumentException if the time's year has no four digits
    public static String format(Instant instant) {
        if (!names(instant)) {
            throw new IllegalArgumentException("no HTTP-date names " + instant + ": its year has four digits");
        }
        return FORMAT.format(instant);
    }

    /// The time that a header names; empty if it is none.
    public static Optional<Instant> parse(String text) {
        String date = Ascii.trim(text);
        if (date.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = DAY_FIRST.matcher(date);
        if (!matcher.matches()) {
            matcher = MONTH_FIRST.matcher(date);
            if (!matcher.matches()) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(instant(matcher));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(Matcher matcher) {
        int year = number(matcher.group("year"));
        if (matcher.group("year").length() == 2) {
            year += year > 68 ? 1900 : 2000;
        }
        int month = 1 + MONTHS.indexOf(matcher.group("month").toLowerCase(Locale.ROOT));
        String second = matcher.group("second");
        LocalDateTime time = LocalDateTime.of(
                year,
                month,
                number(matcher.group("day")),
                number(matcher.group("hour")),
                number(matcher.group("minute")),
                second == null ? 0 : number(second));
        return time.toInstant(zone(matcher.group("zone")));
    }

    private static ZoneOffset zone(@Nullable String zone) {
        if (zone == null || zone.isEmpty() || Character.isLetter(zone.charAt(0))) {
            return ZoneOffset.UTC;
        }
        int sign = zone.startsWith("-") ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * number(zone.substring(1, 3)), sign * number(zone.substring(3)));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
