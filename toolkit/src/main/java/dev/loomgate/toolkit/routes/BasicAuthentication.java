package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.routes.Action.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/// `basicauth:REALM,user:password` or `basicauth:REALM,FILE`, where lines of the file are `user:{SHA}...`.
///
/// Who is known already (REMOTE_USER) isn't asked again. Source: RFC 7617.
final class BasicAuthentication {
    private BasicAuthentication() {}

    /// @param optional whether a wrong password leads to the next rule rather than to 401
    /// @throws IllegalArgumentException if it isn't such a text
    static Action action(String argument, boolean optional) {
        int comma = argument.indexOf(',');
        if (comma < 0) {
            throw new IllegalArgumentException("basicauth: '%s' is not REALM,USER:PASSWORD or REALM,FILE"
                    .formatted(argument.replaceFirst(":.*", ":...")));
        }
        String realm = argument.substring(0, comma);
        String known = argument.substring(comma + 1);
        return trip -> {
            if (!trip.variable("REMOTE_USER").isEmpty()) {
                return Outcome.NEXT;
            }
            Optional<String> given = given(trip.variable("HTTP_AUTHORIZATION"));
            if (given.isPresent() && !known.isEmpty() && isRight(given.get(), known)) {
                trip.environ().put("REMOTE_USER", given.get().split(":", 2)[0]);
                return Outcome.NEXT;
            }
            return optional && given.isPresent() && !known.isEmpty() ? Outcome.NEXT : refusal(realm);
        };
    }

    private static Outcome refusal(String realm) {
        return new Outcome.Answer(new Response("Unauthorized")
                .status(new Status(401, "Authorization Required"))
                .header("WWW-Authenticate", "Basic realm=\"" + realm + "\""));
    }

    /// `user:password`.
    private static Optional<String> given(String authorization) {
        if (!authorization.startsWith("Basic ")) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring("Basic ".length()).strip());
            return Optional.of(new String(decoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isRight(String given, String known) throws IOException {
        if (known.indexOf(':') >= 0) {
            return same(given, known);
        }
        int colon = given.indexOf(':');
        if (colon < 0 || !Files.isReadable(Path.of(known))) {
            return false;
        }
        String line = given.substring(0, colon) + ":{SHA}" + sha1(given.substring(colon + 1));
        boolean right = false;
        for (String each : Files.readAllLines(Path.of(known))) {
            right |= same(each, line);
        }
        return right;
    }

    /// In a time that doesn't tell where they differ.
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha1(String password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
