package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routes.Action.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/// The actions by their names.
final class Actions {
    private static final Logger LOG = System.getLogger("dev.loomgate.toolkit.routes");
    private static final int BAD_GATEWAY = 502;

    private Actions() {}

    /// Reads `name:ARGUMENT`.
    ///
    /// @throws IllegalArgumentException if it is no action, or one that isn't offered
    static Action parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'%s' is no action: name:ARGUMENT".formatted(text));
        }
        String name = text.substring(0, colon);
        String argument = text.substring(colon + 1);
        return switch (name) {
            case "continue", "last" -> trip -> Outcome.ENOUGH;
            case "break" -> broken(argument);
            case "return", "break-with-status" -> returned(argument);
            case "goto" -> jump(argument);
            case "redirect", "redirect-302" -> redirect(argument, 302, "Moved");
            case "redirect-permanent", "redirect-301" -> redirect(argument, 301, "Moved Permanently");
            case "rewrite" -> Rewrite.action(argument, Outcome.NEXT);
            case "rewrite-last" -> Rewrite.action(argument, Outcome.ENOUGH);
            case "addheader" -> addHeader(argument);
            case "remheader", "delheader" -> filled(argument, Trip::removeHeader);
            case "forcecl", "fixcl" -> BodyLength.parse(name, argument);
            case "addvar" ->
                named("addvar", argument, (trip, pair) -> trip.environ().put(pair[0], pair[1]));
            case "logvar" ->
                named("logvar", argument, (trip, pair) -> trip.environ()
                        .logVariables()
                        .put(pair[0], pair[1]));
            case "setpathinfo" -> variable("PATH_INFO", argument);
            case "setscriptname" -> variable("SCRIPT_NAME", argument);
            case "setdocroot" -> variable("DOCUMENT_ROOT", argument);
            case "setremoteaddr" -> variable("REMOTE_ADDR", argument);
            case "setscheme" -> variable("wsgi.url_scheme", argument);
            case "setuser" ->
                filled(argument, (trip, user) -> trip.environ().put("REMOTE_USER", user.split(":", 2)[0]));
            case "log" -> filled(argument, (trip, line) -> LOG.log(Level.INFO, () -> line));
            case "donotlog" ->
                filled("", (trip, nothing) -> trip.environ().logVariables().put("loomgate.no_log", ""));
            case "donotoffload" -> trip -> Outcome.NEXT;
            case "basicauth" -> BasicAuthentication.action(argument, false);
            case "basicauth-next" -> BasicAuthentication.action(argument, true);
            case "static" -> FileAnswer.ofStatic(argument, false);
            case "static-next" -> FileAnswer.ofStatic(argument, true);
            case "file", "sendfile", "fastfile" -> FileAnswer.ofFile(argument, false);
            case "file-next", "sendfile-next", "fastfile-next" -> FileAnswer.ofFile(argument, true);
            case "http", "httpdumb", "httpconnect", "uwsgi", "fastcgi", "scgi", "proxyhttp", "proxyuwsgi" ->
                throw new IllegalArgumentException(
                        "the action '%s' isn't offered: a proxy before this server sends requests elsewhere"
                                .formatted(name));
            default -> throw new IllegalArgumentException("there is no action '%s' here".formatted(name));
        };
    }

    /// Of a status alone there is the status's text, of a whole status line nothing.
    private static Action returned(String code) {
        Status status = status(code);
        return trip -> new Outcome.Answer(plain(status, status.reason()));
    }

    /// uWSGI closes the connection where no status is given; a proxy before it answers 502 then.
    private static Action broken(String line) {
        Status status = line.length() < 3 ? Status.of(BAD_GATEWAY) : status(line);
        return trip -> new Outcome.Answer(plain(status, ""));
    }

    private static Response plain(Status status, String text) {
        return Response.bytes(text.getBytes(StandardCharsets.UTF_8), "text/plain")
                .status(status)
                .header("Content-Type", "text/plain");
    }

    private static Status status(String text) {
        String digits = text.strip();
        if (digits.matches("[2-5][0-9][0-9]")) {
            return Status.of(Integer.parseInt(digits));
        }
        if (!digits.matches("[2-5][0-9][0-9] .+")) {
            throw new IllegalArgumentException("'%s' is no status".formatted(text));
        }
        return Status.parse(digits);
    }

    private static Action jump(String label) {
        Template template = Template.of(label);
        return trip -> new Outcome.Jump(template.fill(trip));
    }

    private static Action redirect(String location, int status, String text) {
        Template template = Template.of(location);
        return trip -> {
            Response response = Response.bytes(text.getBytes(StandardCharsets.US_ASCII), "text/plain")
                    .status(status)
                    .header("Location", printable(template.fill(trip)));
            return new Outcome.Answer(response);
        };
    }

    /// Without what could end the header.
    private static String printable(String value) {
        return value.replaceAll("[\\x00-\\x1f\\x7f]", "");
    }

    private static Action addHeader(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("addheader: '%s' is not NAME: VALUE".formatted(text));
        }
        String name = text.substring(0, colon).strip();
        Headers.of(name, ""); // is it a name?
        Template value = Template.of(text.substring(colon + 1).strip());
        return trip -> {
            trip.addHeader(name, printable(value.fill(trip)));
            return Outcome.NEXT;
        };
    }

    private static Action filled(String argument, BiConsumer<Trip, String> action) {
        Template template = Template.of(argument);
        return trip -> {
            action.accept(trip, template.fill(trip));
            return Outcome.NEXT;
        };
    }

    private static Action variable(String name, String value) {
        return filled(value, (trip, text) -> trip.environ().put(name, text));
    }

    private static Action named(String action, String argument, BiConsumer<Trip, String[]> setter) {
        int equals = argument.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("%s: '%s' is not NAME=VALUE".formatted(action, argument));
        }
        String name = argument.substring(0, equals);
        return filled(argument.substring(equals + 1), (trip, value) -> setter.accept(trip, new String[] {name, value}));
    }
}
