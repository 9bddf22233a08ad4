package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.AreaText;
import dev.loomgate.cli.options.values.CacheItemText;
import dev.loomgate.cli.options.values.CacheText;
import dev.loomgate.cli.options.values.MetricText;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.SharedOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the workers of a Python program share through the `uwsgi` module, named as uWSGI names it.
public final class SharingOptions {
    private static final int QUEUE_BLOCK_BYTES = 8192;

    private static final Option<List<String>> CACHE2 = Option.values(ValueType.TEXT, "--cache2")
            .label("name=NAME,items=N,...")
            .setting("caches")
            .inUwsgi("same, without store=, nodes=, sync= and udp=")
            .says(
                    "a cache of uwsgi.cache_set and others; the first one is meant where none is named. Keys: name, items,"
                            + " blocksize (65535), blocks, bitmap, keysize (2048), purge_lru, clear_on_full, no_expire,"
                            + " math_initial, ignore_full; redis=miss for one in --redis, in which nothing is found"
                            + " while that is gone, or redis=fail where calls raise an exception then. Without any,"
                            + " each name is a cache of 64 MiB");

    private static final Option<Integer> CACHE = Option.value(ValueType.NUMBER, "--cache")
            .label("ITEMS")
            .standard(0)
            .standardText("")
            .inUwsgi(Option.SAME)
            .says("the same, named default; it comes first");

    private static final Option<Integer> CACHE_BLOCKSIZE = Option.value(ValueType.SIZE, "--cache-blocksize")
            .standard(0)
            .standardText("65535")
            .inUwsgi(Option.SAME)
            .says("the longest value in the cache of --cache");

    private static final Option<Boolean> CACHE_NO_EXPIRE = Option.flag("--cache-no-expire")
            .inUwsgi(Option.SAME)
            .says("items stay in the cache of --cache when their time is over");

    private static final Option<List<SharedOptions.Item>> ADD_CACHE_ITEM = items(
                    "[CACHE ]KEY=VALUE", CacheItemText::item, "--add-cache-item")
            .inUwsgi("an error where there is no such cache")
            .says("what is in a cache from the start on, or without CACHE in each; a space ends the cache's name");

    private static final Option<List<SharedOptions.Item>> LOAD_FILE_IN_CACHE = files("--load-file-in-cache", false)
            .says("the same: what is in this file, with its name as it is given here as the key");

    private static final Option<List<SharedOptions.Item>> LOAD_FILE_IN_CACHE_GZIP =
            files("--load-file-in-cache-gzip", true).says("the same, compressed by gzip");

    private static final Option<String> REDIS = Option.value(ValueType.TEXT, "--redis")
            .label("URI")
            .setting("store")
            .says("the Redis in which several servers share: redis://USER:PASSWORD@HOST:PORT/DATABASE, rediss:// with"
                    + " TLS, redis-sentinel://HOST,HOST/DATABASE#NAME; for --cache2 with redis=,"
                    + " --spooler redis:QUEUE, --shared-crons, --shared-timers, --shared-channels");

    private static final Option<Duration> REDIS_TIMEOUT = Option.value(ValueType.TIME, "--redis-timeout")
            .standard(Duration.ofSeconds(1))
            .setting("storeTimeout")
            .says("of each of its answers: past that it counts as gone, until it answers again; 10ms to 10s");

    private static final Option<String> REDIS_PREFIX = Option.value(ValueType.TEXT, "--redis-prefix")
            .label("TEXT")
            .standard("loomgate:")
            .setting("storePrefix")
            .says("what its keys begin with: sites that share nothing have different ones");

    private static final Option<SharedOptions.ChannelsWhenGone> SHARED_CHANNELS = Option.value(
                    ValueType.choice("local|fail", SharedOptions.ChannelsWhenGone.class), "--shared-channels")
            .standardText("each server has its own")
            .setting("channels")
            .says("servers that have one --redis share the program's channel layer (loomgate_channels). While that is"
                    + " gone: local, messages reach the processes of the same server; fail, sending them raises an"
                    + " exception");

    private static final Option<Integer> QUEUE = Option.value(ValueType.NUMBER, "--queue")
            .label("MESSAGES")
            .standard(0)
            .standardText("")
            .setting("queue")
            .inUwsgi(Option.SAME)
            .says("a ring of so many messages, for uwsgi.queue_push and others");

    private static final Option<Integer> QUEUE_BLOCKSIZE = Option.value(ValueType.SIZE, "--queue-blocksize")
            .standard(QUEUE_BLOCK_BYTES)
            .setting("queueBlockBytes")
            .inUwsgi(Option.SAME)
            .says("of each of its messages, with 16 bytes more; all together are a multiple of 4k");

    private static final Option<Path> QUEUE_STORE = Option.value(ValueType.PATH, "--queue-store")
            .label("FILE")
            .standardText("in memory")
            .inUwsgi(Option.SAME)
            .says("the queue's file: it is there again after a restart");

    private static final Option<List<String>> SHAREDAREA = Option.values(ValueType.TEXT, "-A", "--sharedarea")
            .label("PAGES|size=BYTES,...")
            .setting("areas", "--sharedarea")
            .inUwsgi("same, without fd= and ptr=")
            .says("memory that workers share, of so many pages of 4k, for uwsgi.sharedarea_read and others;"
                    + " file=FILE,offset=BYTES for a part of a file");

    private static final Option<List<String>> METRIC = Option.values(ValueType.TEXT, "--metric")
            .label("NAME")
            .setting("metrics")
            .inUwsgi("same, without collectors")
            .says("a number of the program's own, for uwsgi.metric_inc and others; or name=NAME,initial_value=N");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            CACHE2,
            CACHE,
            CACHE_BLOCKSIZE,
            CACHE_NO_EXPIRE,
            ADD_CACHE_ITEM,
            LOAD_FILE_IN_CACHE,
            LOAD_FILE_IN_CACHE_GZIP,
            REDIS,
            REDIS_TIMEOUT,
            REDIS_PREFIX,
            SHARED_CHANNELS,
            QUEUE,
            QUEUE_BLOCKSIZE,
            QUEUE_STORE,
            SHAREDAREA,
            METRIC);

    private SharingOptions() {}

    private static Option.Builder<List<SharedOptions.Item>> files(String name, boolean compressed) {
        return items("[CACHE ]FILE", text -> CacheItemText.file(name, text, compressed), name)
                .inUwsgi("an error where there is no such cache; files alone, not http://, exec:// and others");
    }

    private static Option.Builder<List<SharedOptions.Item>> items(
            String form, Function<String, SharedOptions.Item> parser, String name) {
        return Option.values(ValueType.parsed(form, SharedOptions.Item.class, parser, CacheItemText::text), name);
    }

    /// What these options say.
    ///
    /// @param directory what files are relative to
    /// @throws IllegalArgumentException if a value isn't what it should be
    static SharedOptions shared(OptionValues values, Path directory) {
        List<SharedOptions.Cache> caches = new ArrayList<>();
        if (values.of(CACHE) != 0) {
            caches.add(CacheText.unnamed(values.of(CACHE), values.of(CACHE_BLOCKSIZE), !values.of(CACHE_NO_EXPIRE)));
        }
        values.of(CACHE2).forEach(text -> caches.add(CacheText.parse("--cache2", text)));
        int queue = values.of(QUEUE);
        return new SharedOptions(
                caches,
                queue == 0
                        ? null
                        : new SharedOptions.Queue(
                                queue,
                                values.of(QUEUE_BLOCKSIZE),
                                values.given(QUEUE_STORE)
                                        .map(directory::resolve)
                                        .orElse(null)),
                values.of(SHAREDAREA).stream()
                        .map(text -> AreaText.parse("--sharedarea", text, directory))
                        .toList(),
                values.of(METRIC).stream()
                        .map(text -> MetricText.parse("--metric", text))
                        .toList(),
                Stream.of(ADD_CACHE_ITEM, LOAD_FILE_IN_CACHE, LOAD_FILE_IN_CACHE_GZIP)
                        .flatMap(option -> values.of(option).stream())
                        .map(item -> CacheItemText.in(directory, item))
                        .toList(),
                values.given(SHARED_CHANNELS).orElse(null),
                store(values));
    }

    /// Where servers share something; null for nowhere.
    ///
    /// @throws IllegalArgumentException if a value isn't what it should be
    static SharedOptions.@Nullable Store store(OptionValues values) {
        return values.given(REDIS)
                .map(uri -> new SharedOptions.Store(uri, values.of(REDIS_TIMEOUT), values.of(REDIS_PREFIX)))
                .orElse(null);
    }
}
