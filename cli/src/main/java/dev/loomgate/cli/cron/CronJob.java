package dev.loomgate.cli.cron;

import dev.loomgate.python.CronRule;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A command, and when it is run; or a URL, and when it is requested.
///
/// | option | value |
/// |---|---|
/// | `--cron-curl` | `MINUTE HOUR DAY MONTH WEEKDAY URL` |
/// | `--cron`, `--unique-cron` | `MINUTE HOUR DAY MONTH WEEKDAY COMMAND` |
/// | `--cron2` | `KEY=N,KEY=N COMMAND`; keys that are left out are -1; `redis=wait` |
///
/// @param text as it was given
/// @param command for the shell; of a URL what the log calls it, without name and password
/// @param url what is requested; null for a command
/// @param unique whether it isn't started while it still runs
/// @param limit how long it may run, zero for as long as it likes; null for what `--cron-harakiri` says
/// @param sharing whether several servers run it once; null for what `--shared-crons` says
public record CronJob(
        String text,
        CronRule rule,
        String command,
        @Nullable URI url,
        boolean unique,
        @Nullable Duration limit,
        @Nullable Sharing sharing) {
    /// Whether several servers run a job once, and what happens while the store is gone where they agree.
    public enum Sharing {
        /// It is each server's own.
        NO,
        /// No run begins, until it is too late.
        WAIT,
        /// Each server does each run.
        RUN
    }

    private static final Pattern FIELDS = Pattern.compile(
            "\\s*(-?\\d{1,4})\\s+(-?\\d{1,4})\\s+(-?\\d{1,4})\\s+(-?\\d{1,4})\\s+(-?\\d{1,4})\\s+(\\S.*)");
    private static final Pattern KEYS = Pattern.compile("([^ =]+=[^ ]*) +(\\S.*)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");
    private static final String REDIS = "redis=";
    private static final int ANY = -1;

    /// The value of `--cron` or, for one that isn't started while it runs, `--unique-cron`.
    ///
    /// @throws IllegalArgumentException if it isn't one
    public static CronJob of(String text, boolean unique) {
        Matcher fields = fields(text, "COMMAND", "./report");
        return new CronJob(text, rule(fields), fields.group(6), null, unique, null, null);
    }

    /// The value of `--cron-curl`. A URL without a scheme is one of HTTP, as to curl.
    ///
    /// @throws IllegalArgumentException if it isn't one
    public static CronJob request(String text) {
        Matcher fields = fields(text, "URL", "http://127.0.0.1:8000/refresh");
        String given = fields.group(6).strip();
        URI url = url(given.contains("://") ? given : "http://" + given);
        String shown = url.toString().replaceFirst("//[^/?#]*@", "//");
        return new CronJob(text.substring(0, fields.start(6)) + shown, rule(fields), shown, url, false, null, null);
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IllegalArgumentException("'%s' is not a URL of http or https".formatted(text));
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is not a URL: %s".formatted(text, e.getReason()), e);
        }
    }

    private static Matcher fields(String text, String what, String example) {
        Matcher fields = FIELDS.matcher(text);
        if (!fields.matches()) {
            throw new IllegalArgumentException("'%s' is not MINUTE HOUR DAY MONTH WEEKDAY %s, as in -15 -1 -1 -1 -1 %s"
                    .formatted(text, what, example));
        }
        return fields;
    }

    private static CronRule rule(Matcher fields) {
        return new CronRule(
                between("minute", fields.group(1), 0, 59),
                between("hour", fields.group(2), 0, 23),
                between("day", fields.group(3), 1, 31),
                between("month", fields.group(4), 1, 12),
                between("weekday", fields.group(5), 0, 7));
    }

    /// The value of `--cron2`.
    ///
    /// @throws IllegalArgumentException if it isn't one
    public static CronJob withKeys(String text) {
        Matcher form = KEYS.matcher(text);
        if (!form.matches()) {
            if (text.isBlank() || (!text.contains(" ") && text.contains("="))) {
                throw new IllegalArgumentException(
                        "'%s' has no command: it is KEY=N,KEY=N COMMAND, as in minute=-15,unique=1 ./report"
                                .formatted(text));
            }
            return new CronJob(text, new CronRule(ANY, ANY, ANY, ANY, ANY), text, null, false, null, null);
        }
        Map<String, Integer> values = values(form.group(1));
        CronRule rule = new CronRule(
                value(values, "minute", 0, 59),
                value(values, "hour", 0, 23),
                value(values, "day", 1, 31),
                value(values, "month", 1, 12),
                value(values, "week", 0, 7));
        Integer limit = values.remove("harakiri");
        if (limit != null && limit < 0) {
            throw new IllegalArgumentException("harakiri is %d, it must be 0 or more".formatted(limit));
        }
        Integer unique = values.remove("unique");
        return new CronJob(
                text,
                rule,
                form.group(2),
                null,
                unique != null && unique != 0,
                limit == null ? null : Duration.ofSeconds(limit),
                sharing(form.group(1)));
    }

    private static @Nullable Sharing sharing(String list) {
        return Stream.of(list.split(","))
                .filter(each -> each.startsWith(REDIS))
                .reduce((first, last) -> last)
                .map(each -> switch (each.substring(REDIS.length())) {
                    case "no" -> Sharing.NO;
                    case "wait" -> Sharing.WAIT;
                    case "run" -> Sharing.RUN;
                    default -> throw new IllegalArgumentException("'%s' is not redis=wait, run or no".formatted(each));
                })
                .orElse(null);
    }

    private static Map<String, Integer> values(String list) {
        Map<String, Integer> values = new TreeMap<>();
        for (String each : list.split(",", -1)) {
            String key = each.substring(0, Math.max(0, each.indexOf('=')));
            String value = each.substring(each.indexOf('=') + 1);
            switch (key) {
                case "minute", "hour", "day", "month", "week", "unique", "harakiri" -> {
                    if (!NUMBER.matcher(value).matches()) {
                        throw new IllegalArgumentException("%s is '%s', it must be a number".formatted(key, value));
                    }
                    values.put(key, Integer.valueOf(value));
                }
                case "redis" -> {
                    // Its value is a word.
                }
                case "legion" ->
                    throw new IllegalArgumentException(
                            "legion isn't offered: servers agree in Redis who runs it (redis=wait, --redis)");
                default ->
                    throw new IllegalArgumentException(
                            "'%s' is not one of minute, hour, day, month, week, unique, harakiri, redis"
                                    .formatted(each));
            }
        }
        return values;
    }

    private static int value(Map<String, Integer> values, String key, int least, int most) {
        Integer value = values.remove(key);
        return value == null ? ANY : between(key, value.toString(), least, most);
    }

    // What is negative is every so manyth, and may be as large as it likes.
    private static int between(String field, String text, int least, int most) {
        int value = Integer.parseInt(text);
        if ((value >= 0 && value < least) || value > most) {
            throw new IllegalArgumentException(
                    "the %s is %d, it must be in %d to %d, or negative: -1 for any, -5 for every fifth"
                            .formatted(field, value, least, most));
        }
        return value;
    }
}
