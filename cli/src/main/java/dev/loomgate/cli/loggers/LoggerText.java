package dev.loomgate.cli.loggers;

import dev.loomgate.cli.options.values.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/// A logger, as options say it: `PLUGIN:ARGUMENT`, or `NAME PLUGIN:ARGUMENT` for one that gets only what is
/// routed to it.
///
/// @param option which says it
/// @param name empty for one that gets all
/// @param plugin what kind it is
/// @param argument after the colon; may be empty
public record LoggerText(String option, String name, Plugin plugin, String argument) {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9]+) (.*)", Pattern.DOTALL);
    private static final Map<String, String> ELSEWHERE =
            Map.of("redislog", "redis", "mongodblog", "MongoDB", "graylog2", "Graylog", "systemd", "journald");

    // uWSGI's, of RFC 3164
    private static final int DAEMON_NOTICE = 29;

    private static final int MOST_PRIORITY = 191;

    /// The kinds that there are, by uWSGI's names.
    public enum Plugin {
        FILE,
        FD,
        STDIO,
        SYSLOG,
        RSYSLOG,
        SOCKET;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if it is none
    public static LoggerText parse(String option, String text) {
        Matcher named = NAMED.matcher(text);
        boolean hasName = named.matches();
        String rest = hasName ? named.group(2) : text;
        int colon = rest.indexOf(':');
        String plugin = colon < 0 ? rest : rest.substring(0, colon);
        LoggerText logger = new LoggerText(
                option,
                hasName ? named.group(1) : "",
                plugin(plugin).orElseThrow(() -> unknown(option, text, plugin)),
                colon < 0 ? "" : rest.substring(colon + 1));
        logger.check();
        return logger;
    }

    private static Optional<Plugin> plugin(String name) {
        return Arrays.stream(Plugin.values())
                .filter(each -> each.text().equals(name))
                .findFirst();
    }

    private static IllegalArgumentException unknown(String option, String text, String plugin) {
        String all = Arrays.stream(Plugin.values()).map(Plugin::text).collect(Collectors.joining(", "));
        String hint = ELSEWHERE.containsKey(plugin)
                ? " (for %s, let its own collector read a file or a socket)".formatted(ELSEWHERE.get(plugin))
                : "";
        return new IllegalArgumentException("%s: '%s': there is no logger '%s': it is one of %s, as in file:%s%s"
                .formatted(option, text, plugin, all, "/var/log/site.log", hint));
    }

    private void check() {
        switch (plugin) {
            case FILE -> file(Path.of("/"));
            case FD -> descriptor();
            case STDIO -> {}
            case SYSLOG -> syslog();
            case RSYSLOG -> priority();
            case SOCKET -> place();
        }
    }

    /// What a logger of a file is asked for.
    ///
    /// @param every zero for a file that isn't renamed by the clock
    /// @param backup what it is renamed to; empty for its own name with the time
    record FileText(Path path, long maxBytes, Duration every, Optional<Path> backup) {}

    /// @param directory what relative paths are relative to
    FileText file(Path directory) {
        if (!argument.contains("=")) {
            return new FileText(path(directory, argument), 0, Duration.ZERO, Optional.empty());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : argument.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0
                    || !List.of("logfile", "backupname", "maxsize", "every").contains(key)) {
                throw wrong("'" + pair + "' is not logfile=FILE, backupname=FILE, maxsize=BYTES or every=TIME");
            }
            values.put(key, pair.substring(equals + 1));
        }
        return new FileText(
                path(directory, values.getOrDefault("logfile", "")),
                maxSize(values.getOrDefault("maxsize", "0")),
                every(values.getOrDefault("every", "0")),
                Optional.ofNullable(values.get("backupname")).map(name -> path(directory, name)));
    }

    private Path path(Path directory, String name) {
        if (name.isEmpty()) {
            throw wrong("no file is named, as in file:/var/log/site.log");
        }
        return directory.resolve(name);
    }

    private Duration every(String text) {
        try {
            Duration every = new DurationText().convert(text);
            if (every.isZero() || every.toSeconds() > 0) {
                return every;
            }
        } catch (TypeConversionException e) {
            // told below
        }
        throw wrong("every is '" + text + "', not a time as in 1d or 12h, of a second at least");
    }

    private long maxSize(String text) {
        try {
            long bytes = Long.parseLong(text);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong("maxsize is '" + text + "', not a number of bytes");
    }

    int descriptor() {
        try {
            int descriptor = Integer.parseInt(argument);
            if (descriptor >= 0) {
                return descriptor;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong("'" + argument + "' is not the number of an open file descriptor, as in fd:2");
    }

    /// Whom messages for syslog are from.
    record Sender(String ident, int priority) {}

    Sender syslog() {
        String[] parts = argument.split(",", 2);
        String ident = parts[0].isEmpty() ? "uwsgi" : parts[0];
        Facility facility = parts.length > 1 ? Facility.named(option, parts[1]) : Facility.DAEMON;
        return new Sender(ident, facility.priority(PacketForms.INFO));
    }

    /// Where datagrams go: a socket in the file system, or a host and a port.
    ///
    /// @param more what stands after commas
    record Place(String host, int port, List<String> more) {
        boolean isSocket() {
            return port < 0;
        }
    }

    Place place() {
        List<String> parts = List.of(argument.split(",", plugin == Plugin.RSYSLOG ? 3 : 2));
        String place = parts.getFirst();
        if (place.isEmpty()) {
            throw wrong(
                    "no place is named, as in %s:127.0.0.1:514 or %s:/dev/log".formatted(plugin.text(), plugin.text()));
        }
        List<String> more = parts.subList(1, parts.size());
        int colon = place.lastIndexOf(':');
        boolean isSocket = plugin == Plugin.RSYSLOG ? place.startsWith("/") : colon < 0;
        if (isSocket) {
            return new Place(place, -1, more);
        }
        return colon < 0 ? new Place(place, 514, more) : new Place(place.substring(0, colon), port(place, colon), more);
    }

    /// What packets of `rsyslog` begin with, as the third part says it.
    int priority() {
        List<String> more = place().more();
        if (more.size() < 2) {
            return DAEMON_NOTICE;
        }
        try {
            int priority = Integer.parseInt(more.get(1));
            if (priority >= 0 && priority <= MOST_PRIORITY) {
                return priority;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong("'%s' is not a priority from 0 to %d".formatted(more.get(1), MOST_PRIORITY));
    }

    private int port(String place, int colon) {
        try {
            int port = Integer.parseInt(place.substring(colon + 1));
            if (port > 0 && port <= 0xffff) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong("'" + place + "' is not HOST:PORT");
    }

    /// What is wrong with the argument.
    IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("%s: %s: %s".formatted(option, this, problem));
    }

    /// As it was given.
    @Override
    public String toString() {
        return (name.isEmpty() ? "" : name + " ") + plugin.text() + (argument.isEmpty() ? "" : ":" + argument);
    }
}
