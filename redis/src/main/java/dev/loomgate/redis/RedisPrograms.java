package dev.loomgate.redis;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.ProgramChannels;
import dev.loomgate.python.ProgramQueue;
import dev.loomgate.python.ProgramRuns;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.SharedStores;
import dev.loomgate.python.SpoolPlace;
import java.util.Optional;

/// Redis as a place where Python programs of several servers share their caches, their spooler's
/// tasks, the runs of their crons and timers, and their channel layer: the service that `--redis` of the
/// command line, or [SharedOptions#store] of an embedder, finds.
///
/// It has a connection of its own for each program, as [Redis] describes it.
public final class RedisPrograms implements SharedStores {
    /// For the service loader.
    public RedisPrograms() {}

    @Override
    public Optional<SharedStore> open(SharedOptions.Store store) {
        RedisSettings settings =
                RedisSettings.of(store.uri()).withTimeout(store.timeout()).withPrefix(store.prefix());
        return Optional.of(new Store(Redis.open(settings)));
    }

    private record Store(Redis redis) implements SharedStore {
        @Override
        public ProgramCache cache(SharedOptions.Cache cache) {
            return new RedisProgramCache(redis, cache);
        }

        @Override
        public ProgramQueue queue(SpoolPlace.Queue queue) {
            return new RedisProgramQueue(redis, queue);
        }

        @Override
        public ProgramRuns runs() {
            return new RedisProgramRuns(redis);
        }

        @Override
        public ProgramChannels channels(String program, String server) {
            return new RedisProgramChannels(redis, program, server);
        }

        @Override
        public void close() {
            redis.close();
        }
    }
}
