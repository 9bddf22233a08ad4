package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisServer;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a program shares through the `uwsgi` module: each expression gives the same here and under the real uWSGI.
@Timeout(120)
class UwsgiModuleAsThereTest {
    /// Evaluates the lines of a file, and answers with a line for each.
    private static final String PROGRAM = """
            import os
            import uwsgi

            uwsgi.register_rpc("double", lambda number: number * 2)
            uwsgi.register_rpc("none", lambda: None, 0)
            uwsgi.register_rpc("text", lambda: "text")
            uwsgi.register_rpc("fails", lambda: 1 // 0)

            def said(line):
                try:
                    return repr(eval(line))
                except Exception as e:
                    return type(e).__name__

            def application(environ, start_response):
                with open(os.path.join(os.path.dirname(__file__), environ["PATH_INFO"][1:])) as lines:
                    answer = "".join("%s = %s\\n" % (line.strip(), said(line)) for line in lines if line.strip())
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [answer.encode()]
            """;

    private static final List<String> OPTIONS = List.of(
            "--cache2",
            "name=first,items=4,blocksize=100,keysize=20",
            "--cache2",
            "name=lru,items=4,blocksize=100,purge_lru=1",
            "--cache2",
            "name=blocks,items=10,blocksize=10,blocks=20,bitmap=1,math_initial=100,ignore_full=1",
            "--cache2",
            "name=clearing,items=4,clear_on_full=1",
            "--queue",
            "4",
            "--queue-blocksize",
            "1024",
            "--sharedarea",
            "1",
            "--sharedarea",
            "size=100",
            "--metric",
            "orders",
            "--metric",
            "name=stock,type=gauge,initial_value=10",
            "--locks",
            "3");

    private static final String CACHES = """
            uwsgi.cache_get('k'), uwsgi.cache_exists('k'), uwsgi.cache_del('k'), uwsgi.cache_num('k')
            uwsgi.cache_set('k', b'v'), uwsgi.cache_set('k', b'w'), uwsgi.cache_get('k'), uwsgi.cache_get(b'k', 'first')
            uwsgi.cache_update('k', 'text', 100, 'first'), uwsgi.cache_get('k'), uwsgi.cache_exists('k')
            uwsgi.cache_set('', b'v'), uwsgi.cache_set('e', b''), uwsgi.cache_set('k' * 21, b'v'), uwsgi.cache_set('k' * 20, b'v')
            uwsgi.cache_set('long', b'x' * 101), uwsgi.cache_set('long', b'x' * 100), len(uwsgi.cache_get('long'))
            uwsgi.cache_set('one too many', b'v'), uwsgi.cache_update('one too many', b'v'), uwsgi.cache_update('k', b'still')
            sorted(uwsgi.cache_keys()) == sorted([b'k', b'k' * 20, b'long']), sorted(uwsgi.cache_keys('lru'))
            uwsgi.cache_clear(), uwsgi.cache_keys('first'), uwsgi.cache_get('k')
            uwsgi.cache_inc('n'), uwsgi.cache_inc('n', 41), uwsgi.cache_num('n'), uwsgi.cache_get('n')
            uwsgi.cache_dec('n', 2), uwsgi.cache_num('n'), uwsgi.cache_mul('n'), uwsgi.cache_num('n')
            uwsgi.cache_mul('n', -3), uwsgi.cache_num('n'), uwsgi.cache_div('n', 7), uwsgi.cache_num('n')
            uwsgi.cache_div('n'), uwsgi.cache_num('n'), uwsgi.cache_div('n', 0), uwsgi.cache_num('n')
            uwsgi.cache_dec('below', 5), uwsgi.cache_num('below'), uwsgi.cache_mul('none', 7), uwsgi.cache_num('none')
            uwsgi.cache_inc('a', 1, 0, 'blocks'), uwsgi.cache_num('a', 'blocks'), uwsgi.cache_dec('b', 1, 0, 'blocks'), uwsgi.cache_num('b', 'blocks')
            uwsgi.cache_set('t', b'some text', 0, 'blocks'), uwsgi.cache_num('t', 'blocks'), uwsgi.cache_num('t')
            uwsgi.cache_set('large', b'x' * 150, 0, 'blocks'), len(uwsgi.cache_get('large', 'blocks')), uwsgi.cache_set('larger', b'x' * 50, 0, 'blocks')
            uwsgi.cache_del('large', 'blocks'), uwsgi.cache_set('larger', b'x' * 50, 0, 'blocks'), uwsgi.cache_set('huge', b'x' * 201, 0, 'blocks')
            uwsgi.cache_clear('blocks'), uwsgi.cache_set('k', b'x' * 110, 0, 'blocks'), uwsgi.cache_update('k', b'x' * 110, 0, 'blocks'), len(uwsgi.cache_get('k', 'blocks')), uwsgi.cache_del('k', 'blocks')
            [uwsgi.cache_set(k, b'v', 0, 'lru') for k in 'abc'], uwsgi.cache_get('a', 'lru'), uwsgi.cache_set('d', b'v', 0, 'lru')
            sorted(uwsgi.cache_keys('lru')), uwsgi.cache_update('a', b'w', 0, 'lru'), uwsgi.cache_set('e', b'v', 0, 'lru'), sorted(uwsgi.cache_keys('lru'))
            [uwsgi.cache_set(k, b'v', 0, 'clearing') for k in 'abcd'], sorted(uwsgi.cache_keys('clearing'))
            uwsgi.cache_get('k', 'nowhere'), uwsgi.cache_set('k', b'v', 0, 'nowhere'), uwsgi.cache_clear('nowhere'), uwsgi.cache_num('k', 'nowhere'), uwsgi.cache_inc('k', 1, 0, 'nowhere')
            uwsgi.cache_keys('nowhere')
            uwsgi.cache_set('k', 5)
            uwsgi.cache_get(5)
            uwsgi.cache_set(b'\\xff\\xfe', b'\\x00\\xff'), uwsgi.cache_get(b'\\xff\\xfe'), uwsgi.cache_set('\\xe9', '\\xe9'), uwsgi.cache_get('\\xe9')
            """;

    private static final String QUEUES = """
            uwsgi.queue_size, uwsgi.queue_slot(), uwsgi.queue_pull_slot(), uwsgi.queue_pull(), uwsgi.queue_last(), uwsgi.queue_get(0)
            uwsgi.queue_push(b'a'), uwsgi.queue_push('b'), uwsgi.queue_slot(), uwsgi.queue_last(), uwsgi.queue_last(2), uwsgi.queue_last(9)
            uwsgi.queue_get(0), uwsgi.queue_get(1), uwsgi.queue_get(2), uwsgi.queue_get(4), uwsgi.queue_get(-1)
            uwsgi.queue_pull(), uwsgi.queue_pull_slot(), uwsgi.queue_pull(), uwsgi.queue_pull(), uwsgi.queue_pull_slot()
            [uwsgi.queue_push(str(n)) for n in range(6)], uwsgi.queue_slot(), uwsgi.queue_last(4)
            uwsgi.queue_pop(), uwsgi.queue_slot(), uwsgi.queue_pop(), uwsgi.queue_pop(), uwsgi.queue_pop(), uwsgi.queue_pop(), uwsgi.queue_slot()
            uwsgi.queue_set(2, b'set'), uwsgi.queue_get(2), uwsgi.queue_set(4, b'set'), uwsgi.queue_set(0, b'')
            uwsgi.queue_push(b''), uwsgi.queue_push(b'x' * 1009), uwsgi.queue_push(b'x' * 1008), len(uwsgi.queue_last())
            uwsgi.queue_push(5)
            """;

    private static final String AREAS = """
            uwsgi.sharedarea_read(0, 0, 4), len(uwsgi.sharedarea_read(0, 0)), len(uwsgi.sharedarea_read(0, 4090)), len(uwsgi.sharedarea_read(1, 0))
            uwsgi.sharedarea_write(0, 10, b'bytes'), uwsgi.sharedarea_write(0, 4091, 'texts'), uwsgi.sharedarea_read(0, 8, 9), uwsgi.sharedarea_read(0, 4091)
            uwsgi.sharedarea_write(0, 4092, b'texts')
            uwsgi.sharedarea_read(0, 4096)
            uwsgi.sharedarea_read(2, 0)
            uwsgi.sharedarea_read8(0, 4096)
            uwsgi.sharedarea_read64(0, 4089)
            uwsgi.sharedarea_write8(0, 0, 255), uwsgi.sharedarea_read8(0, 0), uwsgi.sharedarea_writebyte(0, 1, 1), uwsgi.sharedarea_readbyte(0, 1)
            uwsgi.sharedarea_write8(0, 0, 256)
            uwsgi.sharedarea_write16(0, 0, 65535), uwsgi.sharedarea_read16(0, 0), uwsgi.sharedarea_write16(0, 0, 258), uwsgi.sharedarea_read(0, 0, 2)
            uwsgi.sharedarea_write32(0, 0, -2), uwsgi.sharedarea_read32(0, 0), uwsgi.sharedarea_inc32(0, 0, 5), uwsgi.sharedarea_read32(0, 0)
            uwsgi.sharedarea_dec32(0, 0), uwsgi.sharedarea_read32(0, 0), uwsgi.sharedarea_inc32(0, 0), uwsgi.sharedarea_read32(0, 0)
            uwsgi.sharedarea_write64(0, 0, -1 << 40), uwsgi.sharedarea_read64(0, 0), uwsgi.sharedarea_inc64(0, 0), uwsgi.sharedarea_dec64(0, 0, 1 << 41), uwsgi.sharedarea_read64(0, 0)
            uwsgi.sharedarea_writelong(0, 8, 7), uwsgi.sharedarea_inclong(0, 8, 3), uwsgi.sharedarea_readlong(0, 8)
            uwsgi.sharedarea_rlock(0), uwsgi.sharedarea_read8(1, 0), uwsgi.sharedarea_unlock(0), uwsgi.sharedarea_wlock(1), uwsgi.sharedarea_unlock(1)
            uwsgi.sharedarea_wlock(7)
            uwsgi.sharedarea_write(1, 0, b'seen'), bytes(uwsgi.sharedarea_memoryview(1)[:4]), len(uwsgi.sharedarea_memoryview(1))
            """;

    private static final String OTHERS = """
            uwsgi.metric_get('orders'), uwsgi.metric_inc('orders'), uwsgi.metric_inc('orders', 10), uwsgi.metric_get('orders')
            uwsgi.metric_dec('orders', 3), uwsgi.metric_mul('orders', 5), uwsgi.metric_get('orders'), uwsgi.metric_div('orders', 3), uwsgi.metric_get('orders'), uwsgi.metric_div('orders', 0)
            uwsgi.metric_set('orders', -7), uwsgi.metric_div('orders', 2), uwsgi.metric_get('orders'), uwsgi.metric_set('orders'), uwsgi.metric_get('orders')
            uwsgi.metric_get('stock'), uwsgi.metric_set_max('stock', 12), uwsgi.metric_set_max('stock', 11), uwsgi.metric_get('stock')
            uwsgi.metric_set_min('stock', 11), uwsgi.metric_get('stock'), uwsgi.metric_set_min('stock', 5), uwsgi.metric_get('stock')
            uwsgi.metric_get('nothing'), uwsgi.metric_set('nothing', 1), uwsgi.metric_inc('nothing')
            uwsgi.metric_inc('orders', 'x')
            uwsgi.rpc_list()
            uwsgi.rpc('', b'double', b'ab'), uwsgi.rpc(None, b'double', b'ab'), uwsgi.call(b'double', b'x'), uwsgi.call(b'none'), uwsgi.call(b'text'), uwsgi.call(b'fails'), uwsgi.call(b'unknown')
            uwsgi.call('double', b'x')
            uwsgi.call(b'double', 'x')
            uwsgi.call()
            uwsgi.register_rpc('late', len), uwsgi.register_rpc('x' * 255, len)
            uwsgi.register_rpc('late', len), uwsgi.rpc_list()
            uwsgi.register_rpc('late', len, 256)
            uwsgi.lock(), uwsgi.is_locked(), uwsgi.unlock(), uwsgi.is_locked(), uwsgi.lock(3), uwsgi.is_locked(3), uwsgi.is_locked(2), uwsgi.unlock(3)
            uwsgi.lock(-1)
            uwsgi.is_locked(-1)
            uwsgi.accepting(), uwsgi.accepting(0), uwsgi.accepting(1)
            uwsgi.i_am_the_lord('l'), uwsgi.lord_scroll('l'), uwsgi.scrolls('l'), uwsgi.i_am_the_spooler(), uwsgi.mule_id(), uwsgi.worker_id(), uwsgi.ready(), uwsgi.logsize()
            uwsgi.listen_queue(), uwsgi.listen_queue(0)
            uwsgi.listen_queue(1)
            uwsgi.listen_queue(-1)
            uwsgi.listen_queue('0')
            uwsgi.close(999), type(uwsgi.masterpid()), type(uwsgi.micros()), uwsgi.numproc, uwsgi.cl(), uwsgi.request_id() > 0
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(directory.resolve("shares.py"), PROGRAM);
        Files.writeString(directory.resolve("caches"), CACHES);
        Files.writeString(directory.resolve("queues"), QUEUES);
        Files.writeString(directory.resolve("areas"), AREAS);
        Files.writeString(directory.resolve("others"), OTHERS);
        Files.writeString(directory.resolve("names"), "' '.join(dir(uwsgi))");
    }

    private static List<String> answers(SocketAddress server, String... files) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String file : files) {
            try (HttpPeer peer = HttpPeer.to(server)) {
                peer.get("/" + file).answer().text().lines().forEach(lines::add);
            }
        }
        return lines;
    }

    /// The lines of these that are about caches whose items have one block.
    private static List<String> withoutBlocks(List<String> lines) {
        return lines.stream().filter(line -> !line.contains("'blocks'")).toList();
    }

    private static List<String> inRedis(RedisServer redis) {
        List<String> options = new ArrayList<>(List.of("--redis", redis.uri()));
        OPTIONS.stream()
                .map(option -> option.startsWith("name=") && option.contains("items=") && !option.contains("bitmap")
                        ? option + ",redis=fail"
                        : option)
                .forEach(options::add);
        return options;
    }

    private LoomgateProcess start(List<String> options) throws Exception {
        List<String> command = Stream.concat(
                        options.stream(), Stream.of("-w", "shares", "--python", Python.DEBIAN, "--http", "127.0.0.1:0"))
                .collect(Collectors.toList());
        return LoomgateProcess.start(directory, command.toArray(String[]::new));
    }

    @Test
    void anExpressionGivesWhatItGivesThere() throws Exception {
        String[] files = {"caches", "queues", "areas", "others"};
        List<String> there;
        String names;
        List<String> options = new ArrayList<>(List.of("--plugin", "rpc", "--master", "-w", "shares"));
        options.addAll(OPTIONS);
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, options.toArray(String[]::new))) {
            there = answers(uwsgi.address(), files);
            names = answers(uwsgi.address(), "names").getFirst();
        }
        try (RedisServer redis = RedisServer.start(directory);
                LoomgateProcess loomgate = start(inRedis(redis))) {
            assertThat(withoutBlocks(answers(loomgate.address(), "caches")))
                    .containsExactlyElementsOf(
                            withoutBlocks(there.subList(0, (int) CACHES.lines().count())));
        }
        try (LoomgateProcess loomgate = start(OPTIONS)) {
            SocketAddress address = loomgate.address();
            assertThat(answers(address, files)).containsExactlyElementsOf(there);

            // A name that isn't offered says so.
            List<String> each = Stream.of(
                            names.replaceFirst(".* = '", "").replace("'", "").split(" "))
                    .filter(name -> !name.startsWith("__"))
                    .map("uwsgi.%s is uwsgi"::formatted)
                    .toList();
            assertThat(each).hasSizeGreaterThan(100);
            Files.write(directory.resolve("each"), each);
            assertThat(answers(address, "each"))
                    .hasSameSizeAs(each)
                    .allMatch(line -> line.matches("uwsgi\\.\\w+ is uwsgi = (False|NotOffered)"));
        }
    }
}
