package dev.loomgate.cli.loggers;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What was asked for of the loggers.
///
/// @param log for the server's own log, and for requests where nothing is said of them
/// @param requests for requests
/// @param maxMessageBytes past which a message to a socket or to syslog is cut
/// @param packetBytes of a packet for `rsyslog`
/// @param splitMessages whether what doesn't fit into one is sent in further ones
/// @param directory what relative paths are relative to
public record LoggerSettings(
        Stage log, Stage requests, int maxMessageBytes, int packetBytes, boolean splitMessages, Path directory) {
    /// What is asked for of one kind of messages.
    ///
    /// @param encoders in their order
    /// @param drains messages that are left out
    /// @param filters the only ones that are not; none for all
    /// @param routes which go to loggers with names
    public record Stage(
            List<LoggerText> loggers,
            List<EncoderText> encoders,
            List<Rule> drains,
            List<Rule> filters,
            List<Rule> routes) {
        public Stage {
            loggers = List.copyOf(loggers);
            encoders = List.copyOf(encoders);
            drains = List.copyOf(drains);
            filters = List.copyOf(filters);
            routes = List.copyOf(routes);
        }

        boolean isEmpty() {
            return Stream.of(loggers, encoders, drains, filters, routes).allMatch(List::isEmpty);
        }
    }

    /// @throws IllegalArgumentException if something names a logger that isn't there
    public LoggerSettings {
        List<String> names = Stream.concat(log.loggers().stream(), requests.loggers().stream())
                .map(LoggerText::name)
                .filter(name -> !name.isEmpty())
                .toList();
        Stream.concat(log.routes().stream(), requests.routes().stream())
                .forEach(route -> check(route.option(), route.logger(), names));
        Stream.concat(log.encoders().stream(), requests.encoders().stream())
                .filter(encoder -> !encoder.logger().isEmpty())
                .forEach(encoder -> check(encoder.option(), encoder.logger(), names));
    }

    private static void check(String option, String name, List<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "%s: there is no logger '%s', as in --logger '%s file:FILE'".formatted(option, name, name));
        }
    }

    /// Whether anything is asked for.
    public boolean isEmpty() {
        return log.isEmpty() && requests.isEmpty();
    }
}
