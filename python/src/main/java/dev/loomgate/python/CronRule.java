package dev.loomgate.python;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// The minutes in which a job is due, as uWSGI's crons say them (`uwsgi.add_cron`).
///
/// | field | 0 or more | below 0 |
/// |---|---|---|
/// | minute, hour, day, month, weekday | just that one | each that it divides: `-1` any, `-5` every fifth |
///
/// Months and days count from 1, weekdays from 0, which is Sunday, as 7 is. So `-2` as a day is each even one. A job is
/// due when all fields agree, with one exception, which is cron(8)'s: where both day and weekday are 0 or more, one of
/// them is enough. A value that never comes, such as minute 60, is never due.
///
/// @param minute 0 to 59, or negative
/// @param hour 0 to 23, or negative
/// @param day of the month, 1 to 31, or negative
/// @param month 1 to 12, or negative
/// @param week the weekday, 0 to 7, or negative
public record CronRule(int minute, int hour, int day, int month, int week) {
    private static final int SUNDAY = 7;
    private static final int MOST_YEARS = 9;

    /// Whether a job is due in the minute of that local time.
    public boolean matches(LocalDateTime time) {
        return agrees(minute, time.getMinute()) && agrees(hour, time.getHour()) && isOn(time);
    }

    private boolean isOn(LocalDateTime time) {
        if (!agrees(month, time.getMonthValue())) {
            return false;
        }
        boolean onDay = agrees(day, time.getDayOfMonth());
        boolean onWeekday =
                agrees(week == SUNDAY ? 0 : week, time.getDayOfWeek().getValue() % SUNDAY);
        return (day >= 0 && week >= 0) ? (onDay || onWeekday) : (onDay && onWeekday);
    }

    /// The next minute in which a job is due, by local time.
    ///
    /// @param time from which on, as a minute's beginning
    /// @return empty if there is none within nine years: the 29th of February can be so far away
    Optional<LocalDateTime> next(LocalDateTime time) {
        LocalDateTime at = time;
        LocalDateTime end = time.plusYears(MOST_YEARS);
        while (at.isBefore(end)) {
            if (!isOn(at)) {
                at = at.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!agrees(hour, at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!agrees(minute, at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static boolean agrees(int field, int now) {
        return field < 0 ? now % field == 0 : field == now;
    }
}
