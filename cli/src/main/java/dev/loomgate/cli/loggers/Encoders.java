package dev.loomgate.cli.loggers;

import dev.loomgate.cli.log.Strftime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// uWSGI's encoders. A message comes with its line feed, which `prefix`, `suffix` and `nl` leave where it is, and
/// `${msg}` leaves out.
final class Encoders {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final String STRFTIME = "strftime:";

    private Encoders() {}

    /// @param arguments what follows the name
    static Optional<Encoder> named(String name, String arguments) {
        @Nullable
        Encoder encoder =
                switch (name) {
                    case "prefix" -> text(message -> arguments + message);
                    case "suffix" -> text(message -> message + arguments);
                    case "nl" -> text(message -> message + "\n");
                    case "format" -> template(arguments, UnaryOperator.identity());
                    case "json" -> template(arguments, Encoders::escaped);
                    case "gzip" -> message -> compressed(message, true);
                    case "compress" -> message -> compressed(message, false);
                    default -> null;
                };
        return Optional.ofNullable(encoder);
    }

    private static Encoder text(UnaryOperator<String> change) {
        return message ->
                change.apply(new String(message, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    // `{"msg":"${msg}", "at":${unix}}`; a variable that there isn't is empty, as in uWSGI.
    private static Encoder template(String template, UnaryOperator<String> quoted) {
        List<Function<String, String>> pieces = new ArrayList<>();
        Matcher variables = VARIABLE.matcher(template);
        int from = 0;
        while (variables.find()) {
            String literal = template.substring(from, variables.start());
            pieces.add(message -> literal);
            pieces.add(variable(variables.group(1), quoted));
            from = variables.end();
        }
        String rest = template.substring(from);
        pieces.add(message -> rest);
        return text(message -> {
            StringBuilder encoded = new StringBuilder();
            pieces.forEach(piece -> encoded.append(piece.apply(message)));
            return encoded.toString();
        });
    }

    private static Function<String, String> variable(String name, UnaryOperator<String> quoted) {
        if (name.startsWith(STRFTIME)) {
            Strftime times = Strftime.of(name.substring(STRFTIME.length()));
            return message -> quoted.apply(times.apply(Instant.now()));
        }
        return switch (name) {
            case "msg" -> message -> quoted.apply(withoutLineFeed(message));
            case "msgnl" -> quoted;
            case "unix" -> message -> Long.toString(System.currentTimeMillis() / 1000);
            case "millis" -> message -> Long.toString(System.currentTimeMillis());
            case "micros" ->
                message -> {
                    Instant now = Instant.now();
                    return Long.toString(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
                };
            default -> message -> "";
        };
    }

    private static String withoutLineFeed(String message) {
        return message.endsWith("\n") ? message.substring(0, message.length() - 1) : message;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ') {
                        escaped.append("\\u%04x".formatted((int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static byte[] compressed(byte[] message, boolean gzip) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = gzip ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
            out.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is memory
        }
        return bytes.toByteArray();
    }
}
