/// What several servers share, in Redis: sessions, a cache, rate limits, topics, queues of
/// tasks. By Lettuce; an application adds it, and the command line finds it as a service.
@org.jspecify.annotations.NullMarked
module dev.loomgate.redis {
    requires static transitive org.jspecify;
    requires static transitive dev.loomgate.python; // for RedisPrograms alone
    requires static transitive dev.loomgate.security; // for RedisRateLimits alone
    requires static transitive micrometer.core; // for RedisMeters alone
    requires transitive dev.loomgate.toolkit;
    requires com.github.benmanes.caffeine;
    requires io.netty.resolver;
    requires io.netty.resolver.dns; // with it comes all of Netty that Lettuce, without a descriptor, can't ask for
    requires lettuce.core;

    exports dev.loomgate.redis;

    provides dev.loomgate.python.SharedStores with
            dev.loomgate.redis.RedisPrograms;
}
