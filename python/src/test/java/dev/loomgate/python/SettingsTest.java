package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs that change their interpreter or process: the worker serves them all the same. (The long list is
/// `test_settings.py`.)
@Timeout(120)
class SettingsTest {
    private static final String FUNCTIONS = """
            import builtins, json, os, queue, select, socket, sys, threading, time
            json.dumps = json.loads = os.read = os.write = os.fork = os.pipe = os._exit = boom
            time.monotonic = lambda: 0.0
            time.sleep = select.poll = socket.socket = threading.Thread = threading.Lock = queue.SimpleQueue = boom
            sys.excepthook = sys.exit = builtins.open = builtins.print = builtins.len = boom
            """;

    private static final String PROCESS = """
            import asyncio, codecs, gc, os, signal, socket, sys, tempfile, threading, warnings
            socket.setdefaulttimeout(0.05)
            tempfile.tempdir = os.environ['TMPDIR'] = '/nowhere'
            os.umask(0o777)
            os.chdir('/')
            os.closerange(0, 1024)
            sys.stdout = None
            sys.setrecursionlimit(100)
            sys.settrace(lambda *_: None)
            threading.stack_size(32768)
            warnings.simplefilter('error')
            codecs.register_error('backslashreplace', boom)
            asyncio.set_event_loop(None)
            gc.disable()
            sys.path[:] = []
            for name in list(sys.modules):
                if name != 'written':
                    del sys.modules[name]
            """;

    private static final String GEVENT = """
            from gevent import monkey
            monkey.patch_all()
            """;

    private static final String LIBRARY = """
            import json, logging, queue, random, socket, tempfile, threading
            import token, typing
            for module in json, logging, queue, random, socket, tempfile, threading, token, typing:
                assert module.WHOSE == 'mine', module
            """;

    @TempDir
    private Path directory;

    static Stream<Arguments> programs() {
        return PythonApplicationTest.modes().stream()
                .flatMap(mode -> Stream.of(FUNCTIONS, PROCESS, GEVENT, LIBRARY).map(text -> Arguments.of(mode, text)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramMayChangeWhatItLikes(WorkerMode mode, String setting) throws Exception {
        if (setting.equals(LIBRARY)) {
            for (String name : List.of(
                    "json", "logging", "queue", "random", "socket", "tempfile", "threading", "token", "typing")) {
                Files.writeString(directory.resolve(name + ".py"), "WHOSE = 'mine'\n");
            }
        }
        PythonApplication site = PythonApplication.of(TestPrograms.source(directory, """
                        from os import getpid

                        def boom(*_, **__):
                            raise RuntimeError('boom')

                        def application(environ, start_response):
                            path, read = environ['PATH_INFO'], environ['wsgi.input'].read
                            start_response('200 OK', [])
                            if path == '/stream':
                                return (b'x' * 100000 for _ in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
                            if path == '/large':
                                return [b'x' * 1000000]
                            return [b'%%d %%d' %% (getpid(), read().__len__())]

                        %s
                        """.formatted(setting))
                .mode(mode)
                .build());
        try (Server server = Servers.start(site)) {
            Set<Long> workers = WorkerProcesses.workers();
            assertThat(workers).hasSize(1);
            String pid = String.valueOf(workers.iterator().next());
            for (int round = 0; round < 2; round++) {
                assertThat(Servers.ask(server, "/").text()).isEqualTo(pid + " 0");
                for (int size : new int[] {10, 1_000_000}) {
                    try (HttpPeer peer = Servers.peer(server).post("/", size)) {
                        assertThat(peer.send("x".repeat(size)).answer().text()).isEqualTo(pid + " " + size);
                    }
                }
                assertThat(Servers.ask(server, "/stream").content()).hasSize(1_000_000);
                assertThat(Servers.ask(server, "/large").content()).hasSize(1_000_000);
            }
            assertThat(WorkerProcesses.workers()).isEqualTo(workers);
        }
    }
}
