package dev.loomgate.redis;

import java.util.List;

/// The steps of a cache that Python programs share, each made by Redis as a whole.
///
/// ```text
/// KEY        hash        item's key -> value
/// KEY:ends   sorted set  item's key -> the millisecond in which it is over; NEVER
/// KEY:used   sorted set  item's key -> the microsecond in which it was used last, with purge_lru alone
/// ```
/// All three are gone when the last item is over. Times are Redis' own.
final class ProgramCacheScripts {
    /// What [#PUT] and the others give first: it was kept, there was one already, there is no room, it is no counter,
    /// or it has changed meanwhile.
    static final long KEPT = 1;

    static final long THERE = 0;
    static final long FULL = 2;
    static final long NO_COUNTER = 3;
    static final long CHANGED = 4;

    private static final String ITEMS = """
            local items, ends, used = KEYS[1], KEYS[1] .. ':ends', KEYS[1] .. ':used'
            local never = 9007199254740991
            local time = redis.call('TIME')
            local micros = time[1] * 1000000 + time[2]
            local now = math.floor(micros / 1000)

            local function drop(key)
              redis.call('HDEL', items, key)
              redis.call('ZREM', ends, key)
              redis.call('ZREM', used, key)
            end

            local function live(key)
              local value = redis.call('HGET', items, key)
              if value and tonumber(redis.call('ZSCORE', ends, key) or never) <= now then
                drop(key)
                return false
              end
              return value
            end
            """;

    // ARGV: key, value or amount, milliseconds (0: never), most items, purge_lru, clear_on_full, then its own.
    private static final String PUTTING = ITEMS + """
            local key, isLru = ARGV[1], ARGV[5] == '1'
            local most = tonumber(ARGV[4])
            local evicted = 0

            local function sweep(limit)
              for _, each in ipairs(redis.call('ZRANGEBYSCORE', ends, 0, now, 'LIMIT', 0, limit)) do
                drop(each)
                evicted = evicted + 1
              end
            end

            local function more()
              return redis.call('HLEN', items) + 1 - most
            end

            local function answer(code)
              return {code, redis.call('HLEN', items), evicted}
            end

            local function put(value, before)
              sweep(20)
              if not before and more() > 0 then
                sweep(1000)
                if more() > 0 and isLru and most > 0 then
                  for _, each in ipairs(redis.call('ZRANGE', used, 0, math.min(more(), 1000) - 1)) do
                    drop(each)
                    evicted = evicted + 1
                  end
                elseif more() > 0 and ARGV[6] == '1' and most > 0 then
                  evicted = evicted + redis.call('HLEN', items)
                  redis.call('DEL', items, ends, used)
                end
                if more() > 0 then
                  return answer(2)
                end
              end
              redis.call('HSET', items, key, value)
              return answer(1)
            end

            local function last(millis)
              redis.call('ZADD', ends, millis == 0 and never or now + millis, key)
              local latest = redis.call('ZRANGE', ends, -1, -1, 'WITHSCORES')[2]
              for _, each in ipairs({items, ends, used}) do
                if tonumber(latest) >= never then
                  redis.call('PERSIST', each)
                else
                  redis.call('PEXPIREAT', each, latest)
                end
              end
            end

            local function keep(value, before, keepsTime)
              local done = put(value, before)
              if done[1] == 1 then
                if isLru then
                  redis.call('ZADD', used, micros, key)
                end
                if not keepsTime then
                  last(tonumber(ARGV[3]))
                end
              end
              return done
            end
            """;

    /// Its own: whether one that is there is replaced.
    static final Script<List<Long>> PUT = Script.numbers(PUTTING + """
            local before = live(key)
            if before and ARGV[7] == '0' then
              return answer(0)
            end
            return keep(ARGV[2], before, false)
            """);

    /// Adds two numbers of 8 bytes, little-endian, byte by byte: Lua's own have 53 bits. Last, what a new
    /// one begins with.
    static final Script<List<Long>> ADD = Script.numbers(PUTTING + """
            local before = live(key)
            local number, amount, carry, sum = before or ARGV[7], ARGV[2], 0, {}
            if #number ~= 8 then
              return answer(3)
            end
            for i = 1, 8 do
              local byte = number:byte(i) + amount:byte(i) + carry
              sum[i] = string.char(byte % 256)
              carry = math.floor(byte / 256)
            end
            return keep(table.concat(sum), before, before)
            """);

    /// Sets a value in place of another one. Its own: the bytes that are still to be there, none for no item.
    static final Script<List<Long>> SWAP = Script.numbers(PUTTING + """
            local before = live(key)
            if (before or '') ~= ARGV[7] then
              return answer(4)
            end
            return keep(ARGV[2], before, before)
            """);

    /// ARGV: key, whether it counts as used. One value or none.
    static final Script<List<byte[]>> GET = Script.strings(ITEMS + """
            local value = live(ARGV[1])
            if value and ARGV[2] == '1' then
              redis.call('ZADD', used, micros, ARGV[1])
            end
            return value and {value} or {}
            """);

    /// ARGV: keys. How many of them there were.
    static final Script<Long> DELETE = Script.number(ITEMS + """
            local deleted = 0
            for _, key in ipairs(ARGV) do
              if live(key) then
                drop(key)
                deleted = deleted + 1
              end
            end
            return deleted
            """);

    static final Script<Long> CLEAR = Script.number("""
            return redis.call('UNLINK', KEYS[1], KEYS[1] .. ':ends', KEYS[1] .. ':used')
            """);

    /// ARGV: from, how many.
    static final Script<List<byte[]>> KEYS = Script.strings(ITEMS + """
            return redis.call('ZRANGEBYSCORE', ends, '(' .. now, '+inf', 'LIMIT', ARGV[1], ARGV[2])
            """);

    private ProgramCacheScripts() {}
}
