package dev.loomgate.toolkit.schedule;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The minutes in which a job is due, in the five fields of crontab(5): `minute hour day month weekday`.
///
/// | field | values |
/// |---|---|
/// | minute | 0 to 59 |
/// | hour | 0 to 23 |
/// | day of the month | 1 to 31 |
/// | month | 1 to 12, or `jan` to `dec` |
/// | weekday | 0 to 7, both Sunday, or `sun` to `sat` |
///
/// A field is `*`, or a list such as `1,15-20,30-59/5`; `*/5` is each fifth one. A job is due where all fields agree;
/// where neither the day nor the weekday begins with `*`, one of these two is enough, as in cron(8).
///
/// A time that a zone's clocks leave out in spring isn't due; one that they have twice in autumn is due the first
/// time.
///
/// Immutable.
public final class Cron {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final int SUNDAY = 7;
    // The 29th of February may be so far away, as after 2096.
    private static final int MOST_YEARS = 9;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;

    private Cron(String text, String[] fields) {
        this.text = text;
        minutes = field("minute", fields[0], 0, 59, List.of());
        hours = field("hour", fields[1], 0, 23, List.of());
        days = field("day", fields[2], 1, 31, List.of());
        months = field("month", fields[3], 1, 12, MONTHS);
        weekdays = field("weekday", fields[4], 0, SUNDAY, WEEKDAYS);
        if (weekdays.get(0)) {
            weekdays.set(SUNDAY);
        }
        eitherDay = fields[2].charAt(0) != '*' && fields[4].charAt(0) != '*';
    }

    /// The minutes that an expression means.
    ///
    /// @throws IllegalArgumentException if it is none, or means no minute of any year; says which field is wrong
    public static Cron of(String expression) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "'%s' is not MINUTE HOUR DAY MONTH WEEKDAY, as in '*/15 8-18 * * mon-fri'".formatted(expression));
        }
        Cron cron = new Cron(expression, fields);
        if (cron.next(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("'%s' is never due: no such month has that day".formatted(expression));
        }
        return cron;
    }

    private static BitSet field(String name, String text, int least, int most, List<String> names) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            addPart(values, name, part, least, most, names);
        }
        return values;
    }

    private static void addPart(BitSet values, String name, String part, int least, int most, List<String> names) {
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : number(name, part, part.substring(slash + 1), 1, most);
        int from = least;
        int to = most;
        if (!range.equals("*")) {
            int dash = range.indexOf('-');
            from = value(name, part, dash < 0 ? range : range.substring(0, dash), least, most, names);
            if (dash >= 0) {
                to = value(name, part, range.substring(dash + 1), least, most, names);
            } else if (slash < 0) {
                to = from;
            }
        }
        if (from > to) {
            throw new IllegalArgumentException("%s '%s' is empty: %d is after %d".formatted(name, part, from, to));
        }
        for (int i = from; i <= to; i += step) {
            values.set(i);
        }
    }

    private static int value(String name, String part, String text, int least, int most, List<String> names) {
        int at = names.indexOf(text.toLowerCase(Locale.ROOT));
        // Months count from 1, weekdays from 0.
        return at < 0 ? number(name, part, text, least, most) : at + least;
    }

    private static int number(String name, String part, String text, int least, int most) {
        if (text.matches("\\d{1,4}")) {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new IllegalArgumentException("%s '%s': '%s' is not %d to %d".formatted(name, part, text, least, most));
    }

    /// The next time that a job is due, after another time and in its zone; empty if there is none within nine years.
    public Optional<ZonedDateTime> next(ZonedDateTime after) {
        ZoneId zone = after.getZone();
        LocalDateTime local = after.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES);
        while (true) {
            Optional<LocalDateTime> found = next(local.plusMinutes(1));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            local = found.get();
            ZonedDateTime time = local.atZone(zone);
            // A local time that is left out becomes a later one; the second of two is not after the first's.
            if (time.toLocalDateTime().equals(local) && time.isAfter(after)) {
                return Optional.of(time);
            }
        }
    }

    // From that minute on.
    private Optional<LocalDateTime> next(LocalDateTime from) {
        LocalDateTime at = from;
        LocalDateTime end = from.plusYears(MOST_YEARS);
        while (at.isBefore(end)) {
            if (!months.get(at.getMonthValue())) {
                at = at.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay();
            } else if (!isOnDay(at)) {
                at = at.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!hours.get(at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean isOnDay(LocalDateTime time) {
        boolean onDay = days.get(time.getDayOfMonth());
        boolean onWeekday = weekdays.get(time.getDayOfWeek().getValue());
        return eitherDay ? onDay || onWeekday : onDay && onWeekday;
    }

    /// The expression.
    @Override
    public String toString() {
        return text;
    }
}
