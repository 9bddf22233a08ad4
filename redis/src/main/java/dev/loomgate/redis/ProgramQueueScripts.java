package dev.loomgate.redis;

import java.util.List;

/// Looks into a [RedisQueue] that change nothing, in pieces: other calls aren't to wait for a long queue.
final class ProgramQueueScripts {
    private ProgramQueueScripts() {}

    /// Arguments: priority, where it goes on, how many. Of each task: its place, its id.
    static final Script<List<List<byte[]>>> IDS = Script.rows("""
            local found = {}
            local key = KEYS[1] .. ':' .. ARGV[1]
            for _, entry in ipairs(redis.call('XRANGE', key, ARGV[2], '+', 'COUNT', ARGV[3])) do
              found[#found + 1] = {entry[1], entry[2][2]}
            end
            return found
            """);

    /// Arguments: where it goes on, how many. The ids of tasks whose time hasn't come.
    static final Script<List<byte[]>> LATER = Script.strings("""
            return redis.call('ZRANGE', KEYS[1] .. ':later', ARGV[1], ARGV[1] + ARGV[2] - 1)
            """);

    /// Arguments: id. Its bytes, if its time hasn't come.
    static final Script<List<byte[]>> FIND_LATER = Script.strings("""
            local stored = redis.call('HGET', KEYS[1] .. ':tasks', ARGV[1])
            if not stored then
              return {}
            end
            return {string.sub(stored, string.match(stored, '^%d+ %d+ ()'))}
            """);

    /// Arguments: priority, place. Its bytes, unless it is taken or isn't there.
    static final Script<List<byte[]>> READ = Script.strings("""
            local key = KEYS[1] .. ':' .. ARGV[1]
            local entry = redis.call('XRANGE', key, ARGV[2], ARGV[2])[1]
            if not entry or redis.call('XPENDING', key, 'spooler', ARGV[2], ARGV[2], 1)[1] then
              return {}
            end
            return {entry[2][6]}
            """);
}
