package dev.loomgate.server.observe;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.server.exchange.PacketFacts;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The variables of a pattern, by uWSGI's names. Of one loop, loop side only.
///
/// Times are those of the request's begin, but `epoch`. What nobody counts here is left out: `switches` and `rerr`.
final class LineFields {
    /// What an application's server has set as log variables: not for the application.
    static final String WORKER = "loomgate.worker";

    static final String PID = "loomgate.pid";
    static final String CORE = "loomgate.core";

    private static final String VARIABLE = "var.";
    private static final long MEGABYTE = 1024 * 1024;
    private static final String OWN_PID = Long.toString(ProcessHandle.current().pid());

    private final Client client;
    private final TimeText common = TimeText.common();
    private final TimeText ctime = TimeText.ctime();
    private final TimeText own;
    private final ProcessMemory memory = new ProcessMemory();

    /// @param times how `ftime` shows a time; null for as `ltime`
    LineFields(Client client, @Nullable Function<Instant, String> times) {
        this.client = client;
        this.own = times == null ? common : new TimeText(times);
    }

    LineField named(String name) {
        return switch (name) {
            case "uri" -> variable("REQUEST_URI");
            case "method" -> variable("REQUEST_METHOD");
            case "proto" -> variable("SERVER_PROTOCOL");
            case "user" -> variable("REMOTE_USER");
            case "uagent" -> variable("HTTP_USER_AGENT");
            case "referer" -> variable("HTTP_REFERER");
            case "addr" -> text(client::address);
            case "host" -> text(LineFields::host);
            case "cl" -> text(LineFields::contentLength);
            case "status" -> number(logged -> logged.outcome().status());
            case "rsize" -> number(logged -> logged.outcome().bytesSent());
            case "clfsize" ->
                number(logged -> logged.outcome().bytesSent() == 0
                        ? -1
                        : logged.outcome().bytesSent());
            case "hsize" -> number(logged -> logged.outcome().headBytes());
            case "size" -> number(LineFields::size);
            case "headers" -> number(logged -> logged.outcome().headerCount());
            case "micros" -> number(LoggedRequest::micros);
            case "msecs" -> number(logged -> logged.micros() / 1000);
            case "secs" -> LineFields::seconds;
            case "time" -> number(logged -> logged.startMicros() / 1_000_000);
            case "tmsecs" -> number(logged -> logged.startMicros() / 1000);
            case "tmicros" -> number(LoggedRequest::startMicros);
            case "epoch" -> number(logged -> logged.endMicros() / 1_000_000);
            case "ltime" -> time(common);
            case "ftime" -> time(own);
            case "ctime" -> time(ctime);
            case "vars" -> packet(facts -> 2 * facts.variableCount());
            case "pktsize" -> packet(PacketFacts::variableBytes);
            case "modifier1" -> packet(PacketFacts::modifier1);
            case "modifier2" -> packet(PacketFacts::modifier2);
            case "request_id" -> text(LineFields::requestId);
            case "route" -> text(LineFields::route);
            case "werr", "ioerr" -> number(logged -> logged.outcome().isCutOff() ? 1 : 0);
            case "rerr", "switches" -> (lines, logged) -> {};
            default -> ofProcess(name);
        };
    }

    private LineField ofProcess(String name) {
        return switch (name) {
            case "pid" -> text(LineFields::pid);
            case "wid" -> text(LineFields::worker);
            case "core" -> text(LineFields::core);
            case "rss" -> number(logged -> memory.resident(pid(logged)));
            case "vsz" -> number(logged -> memory.mapped(pid(logged)));
            case "rssM" -> number(logged -> inMegabytes(memory.resident(pid(logged))));
            case "vszM" -> number(logged -> inMegabytes(memory.mapped(pid(logged))));
            default ->
                name.startsWith(VARIABLE)
                        ? variable(name.substring(VARIABLE.length()))
                        : text(logged -> logged.logVariable(name));
        };
    }

    private static LineField variable(String name) {
        return text(logged -> logged.variable(name));
    }

    private static LineField text(Function<LoggedRequest, @Nullable String> value) {
        return (lines, logged) -> {
            String text = value.apply(logged);
            if (text != null) {
                Escaped.append(lines, text);
            }
        };
    }

    /// A number that isn't negative: what is isn't known.
    private static LineField number(ToLongFunction<LoggedRequest> value) {
        return (lines, logged) -> {
            long number = value.applyAsLong(logged);
            if (number >= 0) {
                lines.append(number);
            }
        };
    }

    private static LineField time(TimeText form) {
        return (lines, logged) -> lines.append(form.of(Math.floorDiv(logged.startMicros(), 1_000_000L)));
    }

    private static LineField packet(ToIntFunction<PacketFacts> figure) {
        return number(
                logged -> logged.request().variables() instanceof PacketFacts facts ? figure.applyAsInt(facts) : -1);
    }

    private static void seconds(StringBuilder lines, LoggedRequest logged) {
        long micros = logged.micros();
        lines.append(micros / 1_000_000).append('.');
        for (long unit = 100_000; unit > 0; unit /= 10) {
            lines.append((char) ('0' + micros / unit % 10));
        }
    }

    private static @Nullable String host(LoggedRequest logged) {
        String field = logged.variable("HTTP_HOST");
        return field == null ? logged.variable("SERVER_NAME") : field;
    }

    private static String contentLength(LoggedRequest logged) {
        String length = logged.variable("CONTENT_LENGTH");
        return length == null || length.isEmpty() ? "0" : length;
    }

    private static @Nullable String route(LoggedRequest logged) {
        String told = logged.logVariable("route");
        return told == null ? logged.request().route() : told;
    }

    private static @Nullable String requestId(LoggedRequest logged) {
        String id = logged.request().requestId();
        return id.isEmpty() ? null : id;
    }

    private static long size(LoggedRequest logged) {
        int head = logged.outcome().headBytes();
        return head < 0 ? head : head + logged.outcome().bytesSent();
    }

    /// Of the process that has answered; of this one where no other has.
    private static String pid(LoggedRequest logged) {
        AnswerDetails details = logged.outcome().details();
        if (details != null) {
            return Long.toString(details.pid());
        }
        String told = logged.logVariable(PID);
        return told == null ? OWN_PID : told;
    }

    /// The number of the worker that has answered; 0, uWSGI's number for what isn't one, where none has.
    private static String worker(LoggedRequest logged) {
        AnswerDetails details = logged.outcome().details();
        if (details != null) {
            return Integer.toString(details.worker());
        }
        String told = logged.logVariable(WORKER);
        return told == null ? "0" : told;
    }

    /// 0 of a process that runs one request at a time; of others, and of this one, it isn't known.
    private static @Nullable String core(LoggedRequest logged) {
        AnswerDetails details = logged.outcome().details();
        if (details != null) {
            return details.oneAtATime() ? "0" : null;
        }
        return logged.logVariable(CORE);
    }

    private static long inMegabytes(long bytes) {
        return bytes < 0 ? bytes : bytes / MEGABYTE;
    }
}
