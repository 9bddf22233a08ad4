package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.MimeTypes;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routes.Action.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Answers with a file whose name a rule tells: `static:PATH`, `file:filename=PATH,status=...`.
///
/// A path may have parts of the request in it. So none that leads upwards is followed, and none to a link.
final class FileAnswer {
    private static final Set<String> KEYS =
            Set.of("filename", "status", "content_type", "nocl", "no_cl", "no_content_length", "mime", "no_headers");

    private FileAnswer() {}

    /// As static files are sent: with its type, ranges and conditions.
    ///
    /// @param optional whether the next rule is asked where there is no such file; 404 otherwise
    static Action ofStatic(String argument, boolean optional) {
        Template template = Template.of(argument);
        return trip -> {
            Optional<Path> path = file(template.fill(trip));
            return path.isPresent()
                    ? new Outcome.Answer(Response.sendFile(path.get(), new Request(trip.environ())))
                    : missing(optional);
        };
    }

    /// As it is.
    ///
    /// @throws IllegalArgumentException if a key isn't known, or there is no file's name
    static Action ofFile(String argument, boolean optional) {
        Map<String, String> values = values(argument);
        String name = values.get("filename");
        if (name == null) {
            throw new IllegalArgumentException("file: '%s' has no filename=PATH".formatted(argument));
        }
        Template template = Template.of(name);
        Template status = Template.of(values.getOrDefault("status", "200 OK"));
        String type = values.getOrDefault("content_type", "text/html");
        boolean typeByName = values.containsKey("mime");
        return trip -> {
            Optional<Path> path = file(template.fill(trip));
            if (path.isEmpty()) {
                return missing(optional);
            }
            String ofName = MimeTypes.ofFile(path.get().toString());
            return new Outcome.Answer(Response.file(path.get())
                    .status(status(status.fill(trip)))
                    .header("Content-Type", typeByName && !ofName.equals("application/octet-stream") ? ofName : type));
        };
    }

    private static Status status(String text) {
        return text.matches("[2-5][0-9][0-9]") ? Status.of(Integer.parseInt(text)) : Status.parse(text);
    }

    private static Map<String, String> values(String argument) {
        Map<String, String> values = new HashMap<>();
        for (String pair : argument.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("file: there is no '%s'".formatted(key));
            }
            values.put(key, equals < 0 ? "" : pair.substring(equals + 1));
        }
        return values;
    }

    private static Outcome missing(boolean optional) {
        return optional ? Outcome.NEXT : new Outcome.Answer(new Response("Not Found", 404));
    }

    private static Optional<Path> file(String name) throws IOException {
        try {
            Path path = Path.of(name).toAbsolutePath();
            return name.indexOf(0) < 0
                            && path.equals(path.normalize())
                            && Files.isRegularFile(path)
                            && Files.isReadable(path)
                            && path.toRealPath().equals(path)
                    ? Optional.of(path)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
