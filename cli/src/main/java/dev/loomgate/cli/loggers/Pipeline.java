package dev.loomgate.cli.loggers;

import dev.loomgate.cli.log.MessageSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The way of messages of one kind:
///
/// ```
///  message -- a drain applies, or no filter does --> nowhere
///          -- routes apply -----------------------> encoders --> those loggers
///          -- else -------------------------------> encoders --> loggers without a name
/// ```
/// Used by one thread at a time.
final class Pipeline implements MessageSink {
    private final LoggerSettings.Stage stage;
    private final List<Opened> loggers;
    private final List<Opened> unnamed = new ArrayList<>();
    private final Complaints complaints;
    private final Set<Destination> touched = new LinkedHashSet<>();

    /// @param loggers all that routes may name, and those without a name that get the rest
    /// @param otherwise where messages go where no logger is without a name
    Pipeline(LoggerSettings.Stage stage, List<Opened> loggers, Destination otherwise, Complaints complaints) {
        this.stage = stage;
        this.loggers = List.copyOf(loggers);
        this.complaints = complaints;
        for (Opened logger : loggers) {
            if (logger.name().isEmpty()) {
                unnamed.add(logger);
            }
        }
        if (unnamed.isEmpty()) {
            unnamed.add(new Opened("", otherwise));
        }
    }

    @Override
    public void message(String text) {
        if (anyApplies(stage.drains(), text) || (!stage.filters().isEmpty() && !anyApplies(stage.filters(), text))) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean routed = false;
        for (Rule route : stage.routes()) {
            if (route.applies(text)) {
                routed = true;
                for (Opened logger : loggers) {
                    if (logger.name().equals(route.logger())) {
                        write(logger, bytes);
                    }
                }
            }
        }
        if (!routed) {
            for (Opened logger : unnamed) {
                write(logger, bytes);
            }
        }
    }

    private static boolean anyApplies(List<Rule> rules, String text) {
        for (Rule rule : rules) {
            if (rule.applies(text)) {
                return true;
            }
        }
        return false;
    }

    private void write(Opened logger, byte[] message) {
        byte[] encoded = message;
        for (EncoderText encoder : stage.encoders()) {
            if (encoder.logger().isEmpty() || encoder.logger().equals(logger.name())) {
                encoded = encoder.encoder().encode(encoded);
            }
        }
        touched.add(logger.destination());
        try {
            logger.destination().write(encoded);
        } catch (IOException e) {
            complaints.lost(logger.destination(), e);
        }
    }

    @Override
    public void flush() {
        for (Destination destination : touched) {
            try {
                destination.flush();
            } catch (IOException e) {
                complaints.lost(destination, e);
            }
        }
        touched.clear();
    }
}
