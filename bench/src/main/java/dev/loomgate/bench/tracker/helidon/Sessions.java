package dev.loomgate.bench.tracker.helidon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.helidon.http.SetCookie;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Sessions in memory, by a cookie.
final class Sessions {
    private static final String COOKIE = "session";

    private final Cache<String, Map<String, String>> sessions = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofHours(1))
            .maximumSize(100_000)
            .build();

    Optional<Map<String, String>> find(ServerRequest request) {
        return id(request).map(sessions::getIfPresent);
    }

    /// A new one in the place of the request's.
    Map<String, String> renew(ServerRequest request, ServerResponse response) {
        end(request);
        String id = UUID.randomUUID().toString();
        Map<String, String> session = new ConcurrentHashMap<>();
        sessions.put(id, session);
        response.headers()
                .addCookie(SetCookie.builder(COOKIE, id)
                        .path("/")
                        .httpOnly(true)
                        .sameSite(SetCookie.SameSite.LAX)
                        .build());
        return session;
    }

    void end(ServerRequest request) {
        id(request).ifPresent(sessions::invalidate);
    }

    private static Optional<String> id(ServerRequest request) {
        return request.headers().cookies().first(COOKIE).asOptional();
    }
}
