package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.loggers.EncoderText;
import dev.loomgate.cli.loggers.LoggerSettings;
import dev.loomgate.cli.loggers.LoggerText;
import dev.loomgate.cli.loggers.Rule;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.loop.settings.InvalidSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Where lines of the log go, and what is done to them before.
public final class LoggerOptions {
    static final Option<List<String>> LOGGER = Option.values(ValueType.TEXT, "--logger")
            .label("[NAME ]KIND:ARGUMENT")
            .inUwsgi("file, fd, stdio, syslog, rsyslog, socket; a file is opened at the start, and again by SIGUSR2")
            .ofProcess()
            .says(
                    "send the log there instead, as in file:/var/log/site.log; with a name before it, only what --log-route"
                            + " sends there");

    static final Option<List<String>> REQ_LOGGER = Option.values(ValueType.TEXT, "--req-logger", "--logger-req")
            .label("[NAME ]KIND:ARGUMENT")
            .inUwsgi("as --logger")
            .ofProcess()
            .says("the same for requests, which go where the log goes without it");

    static final Option<String> LOG_SYSLOG = Option.value(ValueType.TEXT, "--log-syslog")
            .label("IDENT[,FACILITY]")
            .leftOut("")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("the same as --logger syslog:IDENT,FACILITY");

    static final Option<String> LOG_SOCKET = Option.value(ValueType.TEXT, "--log-socket")
            .label("PLACE[,PREFIX]")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("the same as --logger socket:PLACE,PREFIX");

    static final Option<List<String>> LOG_ROUTE = Option.values(ValueType.TEXT, "--log-route")
            .label("NAME REGEX")
            .inUwsgi(Option.SAME)
            .says("messages in which the expression is found go to the logger of that name, and to no other");

    static final Option<List<String>> LOG_REQ_ROUTE = Option.values(ValueType.TEXT, "--log-req-route")
            .label("NAME REGEX")
            .inUwsgi("a logger of --req-logger may be named as well")
            .says("the same for requests");

    static final Option<List<String>> LOG_DRAIN = Option.values(ValueType.TEXT, "--log-drain")
            .label("REGEX")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("messages in which the expression is found are left out");

    static final Option<List<String>> LOG_FILTER = Option.values(ValueType.TEXT, "--log-filter")
            .label("REGEX")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("messages in which no such expression is found are left out");

    static final Option<List<String>> LOG_ENCODER = Option.values(
                    ValueType.TEXT, "--log-encoder", "--worker-log-encoder")
            .label("ENCODER[:NAME] TEXT")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says(
                    "change messages, in the order of these: prefix, suffix, nl, format, json, gzip, compress; with a name,"
                            + " only what goes to that logger");

    static final Option<List<String>> LOG_REQ_ENCODER = Option.values(
                    ValueType.TEXT, "--log-req-encoder", "--worker-log-req-encoder")
            .label("ENCODER[:NAME] TEXT")
            .inUwsgi("also without --req-logger")
            .ofProcess()
            .says("the same for requests");

    static final Option<Integer> LOG_MASTER_BUFSIZE = Option.value(ValueType.SIZE, "--log-master-bufsize")
            .standard(8192)
            .range(Range.between(256, 65_000))
            .setting("maxMessageBytes")
            .inUwsgi("only what goes to a socket or to syslog is cut")
            .says("the longest message to a socket or to syslog: what is longer is cut");

    static final Option<Integer> RSYSLOG_PACKET_SIZE = Option.value(ValueType.SIZE, "--rsyslog-packet-size")
            .standard(1024)
            .range(Range.between(256, 65_000))
            .setting("packetBytes")
            .inUwsgi("with the head")
            .says("the longest packet of a logger rsyslog: what doesn't fit is left out");

    static final Option<Boolean> RSYSLOG_SPLIT_MESSAGES =
            Option.flag("--rsyslog-split-messages").inUwsgi(Option.SAME).says("it is sent in further packets");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            LOGGER,
            REQ_LOGGER,
            LOG_SYSLOG,
            LOG_SOCKET,
            LOG_ROUTE,
            LOG_REQ_ROUTE,
            LOG_DRAIN,
            LOG_FILTER,
            LOG_ENCODER,
            LOG_REQ_ENCODER,
            LOG_MASTER_BUFSIZE,
            RSYSLOG_PACKET_SIZE,
            RSYSLOG_SPLIT_MESSAGES);

    private LoggerOptions() {}

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public static LoggerSettings settings(OptionValues values) {
        List<LoggerText> loggers = parsed(values, LOGGER, LoggerText::parse);
        values.given(LOG_SYSLOG).ifPresent(text -> loggers.add(LoggerText.parse("--log-syslog", "syslog:" + text)));
        values.given(LOG_SOCKET).ifPresent(text -> loggers.add(LoggerText.parse("--log-socket", "socket:" + text)));
        InvalidSetting.requireBetween(256, 65_000, "maxMessageBytes", values.of(LOG_MASTER_BUFSIZE));
        InvalidSetting.requireBetween(256, 65_000, "packetBytes", values.of(RSYSLOG_PACKET_SIZE));
        return new LoggerSettings(
                new LoggerSettings.Stage(
                        loggers,
                        parsed(values, LOG_ENCODER, EncoderText::parse),
                        parsed(values, LOG_DRAIN, Rule::expression),
                        parsed(values, LOG_FILTER, Rule::expression),
                        parsed(values, LOG_ROUTE, Rule::route)),
                new LoggerSettings.Stage(
                        parsed(values, REQ_LOGGER, LoggerText::parse),
                        parsed(values, LOG_REQ_ENCODER, EncoderText::parse),
                        List.of(),
                        List.of(),
                        parsed(values, LOG_REQ_ROUTE, Rule::route)),
                values.of(LOG_MASTER_BUFSIZE),
                values.of(RSYSLOG_PACKET_SIZE),
                values.of(RSYSLOG_SPLIT_MESSAGES),
                StartDirectory.path());
    }

    private static <T> List<T> parsed(
            OptionValues values, Option<List<String>> option, BiFunction<String, String, T> reader) {
        List<T> all = new ArrayList<>();
        values.of(option).forEach(text -> all.add(reader.apply(option.names().getFirst(), text)));
        return all;
    }
}
