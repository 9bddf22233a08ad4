package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.HeaderList;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The `Cache-Control` header of a request or a response (RFC 9111 section 5.2). Immutable: each `with` returns a
/// new one.
///
/// ```java
/// request.cacheControl().maxAge()                                        // Optional[PT0S] on a reload
/// response.cacheControl(CacheControl.NONE.with("public").with("max-age", Duration.ofHours(1)))
/// ```
public final class CacheControl {
    /// A header without directives: none at all.
    public static final CacheControl NONE = new CacheControl(Map.of());

    private final Map<String, Optional<String>> directives;

    private CacheControl(Map<String, Optional<String>> directives) {
        this.directives = directives;
    }

    /// The header's directives.
    public static CacheControl parse(String header) {
        return header.isEmpty() ? NONE : new CacheControl(HeaderList.parsePairs(header));
    }

    /// The same with a directive that has no value, such as `no-store`.
    public CacheControl with(String name) {
        return with(name, Optional.empty());
    }

    /// The same with a directive that has a value.
    public CacheControl with(String name, String value) {
        return with(name, Optional.of(value));
    }

    /// The same with a directive that has a number of seconds, such as `max-age`.
    public CacheControl with(String name, Duration value) {
        return with(name, Optional.of(Long.toString(value.toSeconds())));
    }

    private CacheControl with(String name, Optional<String> value) {
        Map<String, Optional<String>> changed = new LinkedHashMap<>(directives);
        changed.put(known(name), value);
        return new CacheControl(changed);
    }

    /// The same without this directive.
    public CacheControl without(String name) {
        Map<String, Optional<String>> changed = new LinkedHashMap<>(directives);
        changed.remove(known(name));
        return new CacheControl(changed);
    }

    /// The name as it stands here: directives compare without regard to case.
    private String known(String name) {
        if (!directives.containsKey(name)) {
            for (String other : directives.keySet()) {
                if (other.equalsIgnoreCase(name)) {
                    return other;
                }
            }
        }
        return name;
    }

    /// Whether there is this directive: `contains("must-revalidate")`.
    public boolean contains(String name) {
        return directives.containsKey(known(name));
    }

    /// A directive's value; empty if it has none, or isn't there.
    public Optional<String> value(String name) {
        return directives.getOrDefault(known(name), Optional.empty());
    }

    /// A directive's value in seconds; empty if it is no number of them.
    public Optional<Duration> seconds(String name) {
        // As RFC 9111 section 1.2.2 wants it: what is too large for a number is very long, not wrong.
        return value(name)
                .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(text -> Duration.ofSeconds(text.length() > 18 ? Integer.MAX_VALUE : Long.parseLong(text)));
    }

    public boolean noCache() {
        return contains("no-cache");
    }

    public boolean noStore() {
        return contains("no-store");
    }

    public boolean noTransform() {
        return contains("no-transform");
    }

    public boolean onlyIfCached() {
        return contains("only-if-cached");
    }

    public Optional<Duration> maxAge() {
        return seconds("max-age");
    }

    /// How stale a response may be; any number of seconds if [#contains] says that it is there and this is empty.
    public Optional<Duration> maxStale() {
        return seconds("max-stale");
    }

    public Optional<Duration> minFresh() {
        return seconds("min-fresh");
    }

    public Optional<Duration> sharedMaxAge() {
        return seconds("s-maxage");
    }

    /// The directives in order.
    public Map<String, Optional<String>> directives() {
        return Collections.unmodifiableMap(directives);
    }

    /// The header.
    @Override
    public String toString() {
        return HeaderList.formatPairs(directives);
    }
}
