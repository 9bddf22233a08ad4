package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.log.Strftime;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.AccessLogRules;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which requests are logged, and how lines look.
public final class LogOptions {
    private static final Set<String> ON = Set.of("true", "1", "on", "yes");
    private static final Set<String> OFF = Set.of("false", "0", "off", "no");

    static final Option<Boolean> DISABLE_LOGGING = Option.flag("--disable-logging", "-L")
            .sets(ServerOptions.Builder.class, "accessLog", (options, off) -> options.accessLog(!off))
            .inUwsgi(Option.SAME)
            .says("no access log; errors are still logged");

    static final Option<String> LOG_FORMAT = Option.value(ValueType.TEXT, "--log-format", "--logformat")
            .label("FORMAT")
            .setting("accessLogFormat")
            .standard("text")
            .inUwsgi(
                    "by default a line of Loomgate's own; text, json, common and combined by name; what clients send is escaped")
            .says(
                    "text, json, common, combined, or a format with variables, as in '%(addr) %(method) %(uri) %(status)': how a"
                            + " request is logged; json is for the server's own log, too");

    static final Option<Boolean> LOG_FORMAT_STRFTIME = Option.flag("--logformat-strftime", "--log-format-strftime")
            .inUwsgi(Option.SAME)
            .says("the variable ftime of --log-format is a time as --log-date has it");

    static final Option<String> LOG_DATE = date("--logdate", "--log-date")
            .inUwsgi("the level follows; off for false, off, no and 0")
            .says("each record of the server's own log begins with the date, or with what strftime makes of this");

    static final Option<String> LOG_PREFIX =
            date("--log-prefix").inUwsgi("the same as --log-date, as there").says("the same as --log-date");

    static final Option<Boolean> LOG_MICROS = Option.flag("--log-micros")
            .inUwsgi(Option.SAME)
            .says("the time at the end of a request's line, with --log-format text, is in microseconds");

    static final Option<Boolean> LOG_REQUEST_ID = Option.flag("--log-request-id")
            .ofProcess()
            .says("lines of a request have its id, also those that its program writes; with --log-format json always");

    static final Option<Boolean> LOG_X_FORWARDED_FOR = Option.flag("--log-x-forwarded-for")
            .inUwsgi(Option.SAME)
            .says("the client's address in a request's line is what X-Forwarded-For says, where it is there");

    static final Option<Boolean> LOG_4XX = Option.flag("--log-4xx")
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests with a status of 400 to 499");

    static final Option<Boolean> LOG_5XX = Option.flag("--log-5xx")
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests with a status of 500 to 599");

    static final Option<Integer> LOG_SLOW = Option.value(ValueType.NUMBER, "--log-slow")
            .label("MILLISECONDS")
            .setting("AccessLogRules.slow")
            .standard(0)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests that took so long; 0 for none");

    static final Option<Long> LOG_BIG = Option.value(ValueType.LONG_SIZE, "--log-big")
            .setting("AccessLogRules.bigBytes")
            .standard(0L)
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests whose response has so many bytes of content; 0 for none");

    static final Option<Boolean> LOG_ZERO = Option.flag("--log-zero")
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests whose response has no content");

    static final Option<Boolean> LOG_SENDFILE = Option.value(ValueType.ON_OFF, "--log-sendfile")
            .standard(false)
            .inUwsgi(Option.SAME)
            .says("with --disable-logging, log requests whose response is sent from a file");

    static final Option<Boolean> LOG_IOERROR = Option.value(ValueType.ON_OFF, "--log-ioerror")
            .standard(false)
            .inUwsgi("all whose client has disconnected before the end, and not only where reading has failed as well")
            .says("with --disable-logging, log requests whose client has disconnected before the end of the response");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            DISABLE_LOGGING,
            LOG_FORMAT,
            LOG_FORMAT_STRFTIME,
            LOG_DATE,
            LOG_PREFIX,
            LOG_MICROS,
            LOG_REQUEST_ID,
            LOG_X_FORWARDED_FOR,
            LOG_4XX,
            LOG_5XX,
            LOG_SLOW,
            LOG_BIG,
            LOG_ZERO,
            LOG_SENDFILE,
            LOG_IOERROR);

    private LogOptions() {}

    private static Option.Builder<String> date(String... names) {
        return Option.value(ValueType.TEXT, names)
                .label("STRFTIME")
                .leftOut("true")
                .standard("no")
                .standardText("the time to a millisecond")
                .ofProcess();
    }

    /// Sets what these options ask for, and the server's builder isn't set by their rows.
    ///
    /// @throws IllegalArgumentException if they don't go together, or one has no such value
    public static void applyTo(ServerOptions.Builder options, OptionValues values) {
        InvalidSetting.requireNotNegative("AccessLogRules.slow", values.of(LOG_SLOW));
        options.accessLogFormat(format(values));
        options.accessLogRules(new AccessLogRules(
                values.of(LOG_4XX),
                values.of(LOG_5XX),
                Duration.ofMillis(values.of(LOG_SLOW)),
                values.of(LOG_BIG),
                values.of(LOG_ZERO),
                values.of(LOG_SENDFILE),
                values.of(LOG_IOERROR)));
        if (format(values).isJson() && date(values).isPresent()) {
            throw new IllegalArgumentException("--log-date: records of --log-format json have a time of their own");
        }
    }

    /// Whether the server's own log is JSON, as requests' lines are then.
    public static boolean isJson(OptionValues values) {
        return values.of(LOG_FORMAT).equals("json");
    }

    /// Whether records of the server's own log show which request they belong to.
    public static boolean showsRequests(OptionValues values) {
        return values.of(LOG_REQUEST_ID) || isJson(values);
    }

    private static AccessLogFormat format(OptionValues values) {
        AccessLogFormat format =
                switch (values.of(LOG_FORMAT)) {
                    case "text" -> AccessLogFormat.TEXT;
                    case "json" -> AccessLogFormat.JSON;
                    case "common" -> AccessLogFormat.COMMON;
                    case "combined" -> AccessLogFormat.COMBINED;
                    case String text
                    when !text.contains("%(") ->
                        throw new IllegalArgumentException(
                                "--log-format: must be text, json, common, combined or a format with %%(variables), not '%s'"
                                        .formatted(text));
                    case String pattern -> AccessLogFormat.pattern(pattern);
                };
        // A pattern of the operator's own says by itself where it is.
        if (values.of(LOG_REQUEST_ID) && !values.of(LOG_FORMAT).contains("%(")) {
            format = format.withRequestIds();
        }
        if (values.of(LOG_MICROS)) {
            format = format.withMicros();
        }
        if (values.of(LOG_X_FORWARDED_FOR)) {
            format = format.withForwardedFor();
        }
        Optional<Strftime> date = strftime(values);
        return values.of(LOG_FORMAT_STRFTIME) && date.isPresent() ? format.withTimes(date.get()) : format;
    }

    /// What records of the server's own log begin with instead of the usual time.
    public static Optional<Strftime> date(OptionValues values) {
        return strftime(values)
                .or(() -> ON.contains(dateText(values)) ? Optional.of(Strftime.CTIME) : Optional.empty());
    }

    private static Optional<Strftime> strftime(OptionValues values) {
        String text = dateText(values);
        return ON.contains(text) || OFF.contains(text)
                ? Optional.empty()
                : Optional.of(Strftime.of(given(values).orElseThrow()));
    }

    private static String dateText(OptionValues values) {
        return given(values).map(text -> text.toLowerCase(Locale.ROOT)).orElse("no");
    }

    private static Optional<String> given(OptionValues values) {
        return values.given(LOG_PREFIX).or(() -> values.given(LOG_DATE));
    }
}
