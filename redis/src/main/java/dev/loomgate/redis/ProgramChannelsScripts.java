package dev.loomgate.redis;

import java.util.List;

/// The steps of [RedisProgramChannels] that read or change what is kept, each a script.
///
/// ```text
/// BASE = loomgate:channels:PROGRAM
/// BASE:open:CHANNEL      list of "until message", the time in milliseconds since 1970
/// BASE:bytes:CHANNEL     of all of them together
/// BASE:members:GROUP     hash of the open channels in a group: channel -> "until capacity expiry maxChannels maxBytes"
/// BASE:channels:LAYER    sorted set of the open channels that have messages, by until when they may
/// BASE:groups:LAYER      the same of groups that have open channels
/// BASE:in:CHANNEL        set of the groups that an open channel is in
/// ```
/// Each key ends by itself a minute after the last time that is in it. What expires before that is seen: a
/// channel whose messages nobody has read leaves its groups.
final class ProgramChannelsScripts {
    private ProgramChannelsScripts() {}

    private static final String SHARED = """
            local base = KEYS[1]
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

            local function text(number)
              return string.format('%.0f', number)
            end

            local function layer(name)
              return string.match(name, '^[^:]*')
            end

            local function keep(key, millis)
              local longer = millis + 60000
              if redis.call('PTTL', key) < longer then
                redis.call('PEXPIRE', key, text(longer))
              end
            end

            local function note(kind, name, millis)
              local index = base .. ':' .. kind .. ':' .. layer(name)
              local there = redis.call('ZSCORE', index, name)
              if not there or tonumber(there) < now + millis then
                redis.call('ZADD', index, text(now + millis), name)
              end
              keep(index, millis)
            end

            local function drop(channel)
              redis.call('DEL', base .. ':open:' .. channel, base .. ':bytes:' .. channel)
              redis.call('ZREM', base .. ':channels:' .. layer(channel), channel)
            end

            local function first(channel)
              local head = redis.call('LINDEX', base .. ':open:' .. channel, 0)
              if not head then
                return nil
              end
              local ends, starts = string.match(head, '^(%d+) ()')
              return tonumber(ends), string.sub(head, starts)
            end

            local function take(channel, content)
              redis.call('LPOP', base .. ':open:' .. channel)
              redis.call('DECRBY', base .. ':bytes:' .. channel, #content)
              if redis.call('EXISTS', base .. ':open:' .. channel) == 0 then
                drop(channel)
              end
            end

            local function leave(channel)
              local groups = base .. ':in:' .. channel
              for _, group in ipairs(redis.call('SMEMBERS', groups)) do
                redis.call('HDEL', base .. ':members:' .. group, channel)
              end
              redis.call('DEL', groups)
            end

            local function expire(channel)
              local ends, content = first(channel)
              if not ends or ends >= now then
                return false
              end
              while ends and ends < now do
                take(channel, content)
                ends, content = first(channel)
              end
              leave(channel)
              return true
            end

            local function store(command, channel, content, millis)
              redis.call(command, base .. ':open:' .. channel, text(now + millis) .. ' ' .. content)
              keep(base .. ':open:' .. channel, millis)
              redis.call('INCRBY', base .. ':bytes:' .. channel, #content)
              keep(base .. ':bytes:' .. channel, millis)
              note('channels', channel, millis)
              redis.call('PUBLISH', base .. ':arrived:' .. channel, '')
            end

            local function put(channel, content, capacity, millis, most, bytes)
              expire(channel)
              local length = redis.call('LLEN', base .. ':open:' .. channel)
              if length == 0 then
                local index = base .. ':channels:' .. layer(channel)
                redis.call('ZREMRANGEBYSCORE', index, 0, '(' .. text(now))
                if redis.call('ZCARD', index) >= most then
                  return false
                end
              end
              local there = tonumber(redis.call('GET', base .. ':bytes:' .. channel) or '0')
              if length >= capacity or there + #content > bytes then
                return false
              end
              store('RPUSH', channel, content, millis)
              return true
            end

            """;

    /// Arguments: channel, content, capacity, milliseconds, most channels, most bytes. Whether there was room.
    static final Script<Long> PUT = Script.number(SHARED + """
            local done = put(ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
            return done and 1 or 0
            """);

    /// Arguments: channel. The milliseconds for which the oldest message is good, and the message; or nothing.
    static final Script<List<byte[]>> TAKE = Script.strings(SHARED + """
            expire(ARGV[1])
            local ends, content = first(ARGV[1])
            if not ends then
              return {}
            end
            take(ARGV[1], content)
            return {text(ends - now), content}
            """);

    /// Arguments: channel, content, milliseconds.
    static final Script<Long> GIVE_BACK = Script.number(SHARED + """
            store('LPUSH', ARGV[1], ARGV[2], math.max(tonumber(ARGV[3]), 1))
            return 1
            """);

    /// Arguments: group, channel, milliseconds, then as for [#PUT] from the capacity on.
    static final Script<Long> ADD = Script.number(SHARED + """
            local members = base .. ':members:' .. ARGV[1]
            local ends = text(now + tonumber(ARGV[3]))
            redis.call('HSET', members, ARGV[2], ends .. ' ' .. table.concat(ARGV, ' ', 4, 7))
            keep(members, tonumber(ARGV[3]))
            note('groups', ARGV[1], tonumber(ARGV[3]))
            redis.call('SADD', base .. ':in:' .. ARGV[2], ARGV[1])
            keep(base .. ':in:' .. ARGV[2], tonumber(ARGV[3]))
            return 1
            """);

    /// Arguments: group, channel.
    static final Script<Long> DISCARD = Script.number(SHARED + """
            redis.call('SREM', base .. ':in:' .. ARGV[2], ARGV[1])
            return redis.call('HDEL', base .. ':members:' .. ARGV[1], ARGV[2])
            """);

    /// Arguments: group, content, most bytes that may wait for a process. How many open channels had no room.
    static final Script<Long> SEND_TO_GROUP = Script.number(SHARED + """
            local members = base .. ':members:' .. ARGV[1]
            local dropped = 0
            if redis.call('EXISTS', members) == 1 then
              local all = redis.call('HGETALL', members)
              for i = 1, #all, 2 do
                local ends, capacity, millis, most, bytes = string.match(all[i + 1], '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
                if tonumber(ends) < now then
                  redis.call('HDEL', members, all[i])
                  redis.call('SREM', base .. ':in:' .. all[i], ARGV[1])
                elseif not expire(all[i]) and not put(all[i], ARGV[2], tonumber(capacity), tonumber(millis), tonumber(most), tonumber(bytes)) then
                  dropped = dropped + 1
                end
              end
            end
            redis.call('PUBLISH', base .. ':group:' .. ARGV[1], ARGV[3] .. '\\n' .. ARGV[2])
            return dropped
            """);

    /// Arguments: layer, who asks.
    static final Script<Long> FLUSH = Script.number(SHARED + """
            local channels = base .. ':channels:' .. ARGV[1]
            for _, channel in ipairs(redis.call('ZRANGE', channels, 0, -1)) do
              redis.call('UNLINK', base .. ':open:' .. channel, base .. ':bytes:' .. channel)
            end
            local groups = base .. ':groups:' .. ARGV[1]
            for _, group in ipairs(redis.call('ZRANGE', groups, 0, -1)) do
              for _, channel in ipairs(redis.call('HKEYS', base .. ':members:' .. group)) do
                redis.call('UNLINK', base .. ':in:' .. channel)
              end
              redis.call('UNLINK', base .. ':members:' .. group)
            end
            redis.call('UNLINK', channels, groups)
            redis.call('PUBLISH', base .. ':all', ARGV[2] .. '\\n' .. ARGV[1])
            return 1
            """);
}
