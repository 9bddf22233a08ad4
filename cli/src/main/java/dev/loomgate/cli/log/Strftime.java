package dev.loomgate.cli.log;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A time as the C library's strftime(3) writes it in the C locale, in the system's time zone. Any thread.
///
/// C's and POSIX's conversions are known, and glibc's flags `_`, `-` and `0`. What is no conversion stays as it is, as
/// there.
///
/// ```java
/// Strftime.of("%Y-%m-%d %H:%M:%S").apply(Instant.now())
/// ```
public final class Strftime implements Function<Instant, String> {
    /// `Mon Nov 23 10:00:00 2026`, as ctime(3) has it.
    public static final Strftime CTIME = of("%c");

    private static final String FLAGS = "_-0";
    private static final char NO_FLAG = ' ';
    private static final WeekFields FROM_SUNDAY = WeekFields.of(DayOfWeek.SUNDAY, 7);
    private static final WeekFields FROM_MONDAY = WeekFields.of(DayOfWeek.MONDAY, 7);

    private final List<Function<ZonedDateTime, String>> pieces = new ArrayList<>();
    private final ZoneId zone = ZoneId.systemDefault();

    private Strftime() {}

    /// The times after a pattern such as `%d/%b/%Y:%H:%M:%S %z`.
    public static Strftime of(String pattern) {
        Strftime times = new Strftime();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            boolean flagged = pattern.charAt(at) == '%'
                    && at + 2 < pattern.length()
                    && FLAGS.indexOf(pattern.charAt(at + 1)) >= 0;
            int letter = at + (flagged ? 2 : 1);
            Function<ZonedDateTime, String> conversion = pattern.charAt(at) == '%' && letter < pattern.length()
                    ? conversion(pattern.charAt(letter), flagged ? pattern.charAt(at + 1) : NO_FLAG)
                    : null;
            if (conversion == null) {
                literal.append(pattern.charAt(at));
                at++;
            } else {
                times.add(literal);
                times.pieces.add(conversion);
                at = letter + 1;
            }
        }
        times.add(literal);
        return times;
    }

    private void add(StringBuilder literal) {
        if (!literal.isEmpty()) {
            String text = literal.toString();
            pieces.add(time -> text);
            literal.setLength(0);
        }
    }

    // Null for what is none.
    private static @Nullable Function<ZonedDateTime, String> conversion(char letter, char flag) {
        return switch (letter) {
            case 'a' -> text("EEE");
            case 'A' -> text("EEEE");
            case 'b', 'h' -> text("MMM");
            case 'B' -> text("MMMM");
            case 'c' -> of("%a %b %e %H:%M:%S %Y")::at;
            case 'C' -> time -> padded(time.getYear() / 100, 2, '0', flag);
            case 'd' -> number(ChronoField.DAY_OF_MONTH, 2, '0', flag);
            case 'D', 'x' -> of("%m/%d/%y")::at;
            case 'e' -> number(ChronoField.DAY_OF_MONTH, 2, ' ', flag);
            case 'F' -> of("%Y-%m-%d")::at;
            case 'g' -> time -> padded(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
            case 'G' -> number(IsoFields.WEEK_BASED_YEAR, 1, '0', flag);
            case 'H' -> number(ChronoField.HOUR_OF_DAY, 2, '0', flag);
            case 'I' -> number(ChronoField.CLOCK_HOUR_OF_AMPM, 2, '0', flag);
            case 'j' -> number(ChronoField.DAY_OF_YEAR, 3, '0', flag);
            case 'k' -> number(ChronoField.HOUR_OF_DAY, 2, ' ', flag);
            case 'l' -> number(ChronoField.CLOCK_HOUR_OF_AMPM, 2, ' ', flag);
            case 'm' -> number(ChronoField.MONTH_OF_YEAR, 2, '0', flag);
            case 'M' -> number(ChronoField.MINUTE_OF_HOUR, 2, '0', flag);
            case 'n' -> time -> "\n";
            case 'p' -> time -> time.getHour() < 12 ? "AM" : "PM";
            case 'P' -> time -> time.getHour() < 12 ? "am" : "pm";
            case 'r' -> of("%I:%M:%S %p")::at;
            case 'R' -> of("%H:%M")::at;
            case 's' -> time -> Long.toString(time.toEpochSecond());
            case 'S' -> number(ChronoField.SECOND_OF_MINUTE, 2, '0', flag);
            case 't' -> time -> "\t";
            case 'T', 'X' -> of("%H:%M:%S")::at;
            case 'u' -> number(ChronoField.DAY_OF_WEEK, 1, '0', flag);
            case 'U' -> number(FROM_SUNDAY.weekOfYear(), 2, '0', flag);
            case 'V' -> number(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2, '0', flag);
            case 'w' -> time -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'W' -> number(FROM_MONDAY.weekOfYear(), 2, '0', flag);
            case 'y' -> time -> padded(time.getYear() % 100, 2, '0', flag);
            case 'Y' -> number(ChronoField.YEAR, 1, '0', flag);
            case 'z' -> text("xx");
            case 'Z' -> text("zzz");
            case '%' -> time -> "%";
            default -> null;
        };
    }

    private static Function<ZonedDateTime, String> text(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)::format;
    }

    private static Function<ZonedDateTime, String> number(TemporalField field, int digits, char pad, char flag) {
        return time -> padded(time.get(field), digits, pad, flag);
    }

    private static String padded(int value, int digits, char pad, char flag) {
        char with =
                switch (flag) {
                    case '_' -> ' ';
                    case '0' -> '0';
                    default -> pad;
                };
        String text = Integer.toString(value);
        return flag == '-' ? text : String.valueOf(with).repeat(Math.max(0, digits - text.length())) + text;
    }

    private String at(ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(piece.apply(time)));
        return text.toString();
    }

    @Override
    public String apply(Instant time) {
        return at(time.atZone(zone));
    }
}
