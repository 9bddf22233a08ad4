package dev.loomgate.redis;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Meters of a connection and of its caches, for Micrometer (`io.micrometer:micrometer-core`, which an
/// application adds). Nothing is counted for them: they look when the registry asks.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `loomgate.redis.there` | | 1 while Redis is there, 0 while it is gone |
/// | `loomgate.redis.calls`, `.timeouts`, `.refused`, `.outages` | | as [RedisCounts] has them |
/// | `loomgate.cache.gets` | `cache`; `found`: `near`, `redis`, `nowhere` | where values were found |
/// | `loomgate.cache.loads`, `.invalidations` | `cache` | as [CacheCounts] has them |
/// | `loomgate.cache.near.entries` | `cache` | values that this process keeps |
public final class RedisMeters implements MeterBinder {
    private final Redis redis;
    private final Map<String, RedisCache> caches;

    /// @param caches by the names that their meters have
    public RedisMeters(Redis redis, Map<String, RedisCache> caches) {
        this.redis = redis;
        this.caches = Map.copyOf(caches);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("loomgate.redis.there", redis, each -> each.isThere() ? 1 : 0)
                .strongReference(true)
                .register(registry);
        counter(registry, "calls", RedisCounts::calls);
        counter(registry, "timeouts", RedisCounts::timeouts);
        counter(registry, "refused", RedisCounts::refused);
        counter(registry, "outages", RedisCounts::outages);
        caches.forEach((name, cache) -> {
            Tags tags = Tags.of("cache", name);
            counter(registry, "gets", tags.and("found", "near"), cache, CacheCounts::nearHits);
            counter(registry, "gets", tags.and("found", "redis"), cache, CacheCounts::hits);
            counter(registry, "gets", tags.and("found", "nowhere"), cache, CacheCounts::misses);
            counter(registry, "loads", tags, cache, CacheCounts::loads);
            counter(registry, "invalidations", tags, cache, CacheCounts::invalidations);
            Gauge.builder("loomgate.cache.near.entries", cache, each -> each.counts()
                            .nearEntries())
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        });
    }

    private void counter(MeterRegistry registry, String name, ToDoubleFunction<RedisCounts> figure) {
        FunctionCounter.builder("loomgate.redis." + name, redis, each -> figure.applyAsDouble(each.counts()))
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry, String name, Tags tags, RedisCache cache, ToDoubleFunction<CacheCounts> figure) {
        FunctionCounter.builder("loomgate.cache." + name, cache, each -> figure.applyAsDouble(each.counts()))
                .tags(tags)
                .register(registry);
    }
}
