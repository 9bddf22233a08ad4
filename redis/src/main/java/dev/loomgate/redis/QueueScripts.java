package dev.loomgate.redis;

import java.util.List;

/// The steps of a [RedisQueue], each a script, so that it is made as a whole or not at all.
///
/// ```text
/// BASE = loomgate:queue:NAME, also the channel on which is said that there may be something to take
/// BASE:0 to BASE:9   streams, one for each priority, with a group "spooler": what waits and what is taken
///                      id | the task's id; failures | a number; task | its bytes
/// BASE:later         sorted set of ids, by the time in milliseconds since 1970 before which they don't run
/// BASE:tasks         hash: id -> "priority failures bytes", of those ids
/// BASE:dead          stream of what was given up; as the others, with priority and why
/// BASE:counts        hash: spooled, done, retried, lost, buried
/// ```
final class QueueScripts {
    private QueueScripts() {}

    private static final String SHARED = """
            local base = KEYS[1]

            local function now()
              local time = redis.call('TIME')
              return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            end

            local function stream(priority)
              return base .. ':' .. priority
            end

            local function exists(priority)
              return redis.call('EXISTS', stream(priority)) == 1
            end

            local function put(priority, id, failures, task)
              if not exists(priority) then
                redis.call('XGROUP', 'CREATE', stream(priority), 'spooler', '0', 'MKSTREAM')
              end
              redis.call('XADD', stream(priority), '*', 'id', id, 'failures', failures, 'task', task)
            end

            local function put_later(at, priority, id, failures, task)
              redis.call('HSET', base .. ':tasks', id, priority .. ' ' .. failures .. ' ' .. task)
              redis.call('ZADD', base .. ':later', string.format('%.0f', at), id)
            end

            local function tell()
              redis.call('PUBLISH', base, '')
            end

            local function count(what, number)
              if number > 0 then
                redis.call('HINCRBY', base .. ':counts', what, number)
              end
            end

            local function has(owner, priority, place)
              if not exists(priority) then
                return false
              end
              local pending = redis.call('XPENDING', stream(priority), 'spooler', place, place, 1)
              return pending[1] ~= nil and pending[1][2] == owner
            end

            local function remove(priority, place)
              redis.call('XDEL', stream(priority), place)
              return redis.call('XACK', stream(priority), 'spooler', place)
            end

            """;

    /// Arguments: how many may be in it, the time or nothing, id, priority, bytes. 0 if it is full.
    static final Script<Long> ADD = Script.number(SHARED + """
            local all = redis.call('ZCARD', base .. ':later')
            for priority = 0, 9 do
              all = all + redis.call('XLEN', stream(priority))
            end
            if all >= tonumber(ARGV[1]) then
              return 0
            end
            if ARGV[2] == '' or tonumber(ARGV[2]) <= now() then
              put(ARGV[4], ARGV[3], '0', ARGV[5])
            else
              put_later(tonumber(ARGV[2]), ARGV[4], ARGV[3], '0', ARGV[5])
            end
            count('spooled', 1)
            tell()
            return 1
            """);

    /// Arguments: owner, how many. The tasks, and a row of the milliseconds until the next one's time, or -1.
    static final Script<List<List<byte[]>>> TAKE = Script.rows(SHARED + """
            local later = base .. ':later'
            local time = now()
            for _, id in ipairs(redis.call('ZRANGEBYSCORE', later, '-inf', time, 'LIMIT', 0, 1000)) do
              local stored = redis.call('HGET', base .. ':tasks', id)
              if stored then
                local priority, failures, start = string.match(stored, '^(%d+) (%d+) ()')
                put(priority, id, failures, string.sub(stored, start))
              end
              redis.call('ZREM', later, id)
              redis.call('HDEL', base .. ':tasks', id)
            end
            local wait = -1
            local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
            if first[2] then
              wait = math.max(0, tonumber(first[2]) - time)
            end
            local found = {}
            for priority = 0, 9 do
              local room = tonumber(ARGV[2]) - #found
              if room > 0 and exists(priority) then
                local got = redis.call('XREADGROUP', 'GROUP', 'spooler', ARGV[1], 'COUNT', room,
                    'STREAMS', stream(priority), '>')
                for _, entry in ipairs(got and got[1][2] or {}) do
                  local fields = entry[2]
                  found[#found + 1] = {entry[1], tostring(priority), fields[2], fields[4], '0', fields[6]}
                end
              end
            end
            found[#found + 1] = {string.format('%.0f', wait)}
            return found
            """);

    /// Arguments: owner, how many, lease in milliseconds. The tasks. Forgets owners that left long ago without
    /// a word, and have none.
    static final Script<List<List<byte[]>>> CLAIM = Script.rows(SHARED + """
            local owner, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
            local found = {}
            for priority = 0, 9 do
              if exists(priority) then
                local key = stream(priority)
                local cursor = '0-0'
                repeat
                  local room = most - #found
                  if room == 0 then
                    break
                  end
                  local got = redis.call('XAUTOCLAIM', key, 'spooler', owner, lease, cursor, 'COUNT', room)
                  cursor = got[1]
                  for _, entry in ipairs(got[2]) do
                    local fields = entry[2]
                    local pending = redis.call('XPENDING', key, 'spooler', entry[1], entry[1], 1)
                    found[#found + 1] = {entry[1], tostring(priority), fields[2], fields[4],
                        tostring(pending[1][4] - 1), fields[6]}
                  end
                until cursor == '0-0'
                for _, other in ipairs(redis.call('XINFO', 'CONSUMERS', key, 'spooler')) do
                  if other[4] == 0 and other[6] > 10 * lease and other[2] ~= owner then
                    redis.call('XGROUP', 'DELCONSUMER', key, 'spooler', other[2])
                  end
                end
              end
            end
            count('lost', #found)
            return found
            """);

    /// Arguments: owner, then priority and place of each. The places of those that it still has.
    static final Script<List<byte[]>> RENEW = Script.strings(SHARED + """
            local still = {}
            for i = 2, #ARGV, 2 do
              if has(ARGV[1], ARGV[i], ARGV[i + 1]) then
                redis.call('XCLAIM', stream(ARGV[i]), 'spooler', ARGV[1], 0, ARGV[i + 1], 'JUSTID')
                still[#still + 1] = ARGV[i] .. '/' .. ARGV[i + 1]
              end
            end
            return still
            """);

    /// Arguments: priority, place. 1 if it was there.
    static final Script<Long> DONE = Script.number(SHARED + """
            if not exists(ARGV[1]) then
              return 0
            end
            local was = remove(ARGV[1], ARGV[2])
            count('done', was)
            return was
            """);

    /// Arguments: priority, place, owner, milliseconds, 1 if it has failed. 1 if the owner had it.
    static final Script<Long> RETRY = Script.number(SHARED + """
            local priority, place = ARGV[1], ARGV[2]
            if not has(ARGV[3], priority, place) then
              return 0
            end
            local fields = redis.call('XRANGE', stream(priority), place, place)[1][2]
            remove(priority, place)
            local failures = tostring(tonumber(fields[4]) + tonumber(ARGV[5]))
            if ARGV[4] == '0' then
              put(priority, fields[2], failures, fields[6])
            else
              put_later(now() + tonumber(ARGV[4]), priority, fields[2], failures, fields[6])
            end
            count('retried', tonumber(ARGV[5]))
            tell()
            return 1
            """);

    /// Arguments: priority, place, owner, why, how many dead ones are kept. 1 if the owner had it.
    static final Script<Long> BURY = Script.number(SHARED + """
            local priority, place = ARGV[1], ARGV[2]
            if not has(ARGV[3], priority, place) then
              return 0
            end
            local fields = redis.call('XRANGE', stream(priority), place, place)[1][2]
            remove(priority, place)
            redis.call('XADD', base .. ':dead', 'MAXLEN', ARGV[5], '*', 'id', fields[2], 'failures', fields[4],
                'task', fields[6], 'priority', priority, 'why', ARGV[4])
            count('buried', 1)
            return 1
            """);

    /// Arguments: how many. Of each: place, priority, id, failures, why, bytes.
    static final Script<List<List<byte[]>>> DEAD = Script.rows(SHARED + """
            local found = {}
            for _, entry in ipairs(redis.call('XRANGE', base .. ':dead', '-', '+', 'COUNT', ARGV[1])) do
              local fields = entry[2]
              found[#found + 1] = {entry[1], fields[8], fields[2], fields[4], fields[10], fields[6]}
            end
            return found
            """);

    /// Arguments: place. 1 if it was there.
    static final Script<Long> REVIVE = Script.number(SHARED + """
            local entry = redis.call('XRANGE', base .. ':dead', ARGV[1], ARGV[1])[1]
            if not entry then
              return 0
            end
            redis.call('XDEL', base .. ':dead', ARGV[1])
            put(entry[2][8], entry[2][2], '0', entry[2][6])
            tell()
            return 1
            """);

    /// Arguments: place. 1 if it was there.
    static final Script<Long> DISCARD = Script.number(SHARED + """
            return redis.call('XDEL', base .. ':dead', ARGV[1])
            """);

    /// Arguments: owner. How many streams know it no longer.
    static final Script<Long> LEAVE = Script.number(SHARED + """
            local left = 0
            for priority = 0, 9 do
              if exists(priority) then
                local key = stream(priority)
                if not redis.call('XPENDING', key, 'spooler', '-', '+', 1, ARGV[1])[1] then
                  redis.call('XGROUP', 'DELCONSUMER', key, 'spooler', ARGV[1])
                  left = left + 1
                end
              end
            end
            return left
            """);

    /// Waiting, later, taken, dead, milliseconds for which the oldest one has waited, spooled, done, retried, lost,
    /// buried. Those whose time has come wait, also where no spooler is there to see it.
    static final Script<List<Long>> COUNTS = Script.numbers(SHARED + """
            local waiting, taken, time = 0, 0, now()
            local oldest = time
            for priority = 0, 9 do
              if exists(priority) then
                local key = stream(priority)
                local group = redis.call('XINFO', 'GROUPS', key)[1]
                taken = taken + group[6]
                waiting = waiting + redis.call('XLEN', key) - group[6]
                local first = redis.call('XRANGE', key, '(' .. group[8], '+', 'COUNT', 1)[1]
                if first then
                  oldest = math.min(oldest, tonumber(string.match(first[1], '^%d+')))
                end
              end
            end
            local later = base .. ':later'
            local come = redis.call('ZCOUNT', later, '-inf', time)
            if come > 0 then
              oldest = math.min(oldest, tonumber(redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')[2]))
            end
            local found = {waiting + come, redis.call('ZCARD', later) - come, taken,
                redis.call('XLEN', base .. ':dead'), time - oldest}
            local names = {'spooled', 'done', 'retried', 'lost', 'buried'}
            for i, value in ipairs(redis.call('HMGET', base .. ':counts', unpack(names))) do
              found[5 + i] = tonumber(value or 0)
            end
            return found
            """);
}
