package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What caches hold from the start on, by a program whose text is an option: here and under the real uWSGI.
@Timeout(120)
class FirstItemsTest {
    private static final String PROGRAM = """
            import gzip, uwsgi
            def application(environ, start_response):
                found = ["%s %s" % (__name__, __file__)]
                for cache in ("pages", "users"):
                    for key in ("front", "both", "a=b", "file", "sub/file", "large", "empty", "missing"):
                        value = uwsgi.cache_get(key, cache)
                        if value is not None and value.startswith(b"\\x1f\\x8b"):
                            value = gzip.decompress(value)
                        found.append("%s %s %s" % (cache, key, value))
                start_response("200 OK", [("Content-Type", "text/plain")])
                return ["\\n".join(found).encode()]
            """;

    private static final List<String> OPTIONS = List.of(
            "--cache2",
            "name=pages,items=10,blocksize=100",
            "--cache2",
            "name=users,items=10,blocksize=100",
            "--add-cache-item",
            "pages front=Hello, you there=here",
            "--add-cache-item",
            "both=both",
            "--add-cache-item",
            "pages front=too late",
            "--load-file-in-cache",
            "file",
            "--load-file-in-cache",
            "users sub/file",
            "--load-file-in-cache",
            "pages large",
            "--load-file-in-cache",
            "empty",
            "--load-file-in-cache-gzip",
            "pages sub/file",
            "--load-file-in-cache-gzip",
            "users large");

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectory(directory.resolve("sub"));
        Files.writeString(directory.resolve("file"), "in the file");
        Files.writeString(directory.resolve("sub").resolve("file"), "further down ".repeat(7));
        Files.writeString(directory.resolve("large"), "x".repeat(1000));
        Files.writeString(directory.resolve("empty"), "");
    }

    private static String ask(SocketAddress server) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server)) {
            return peer.get("/").answer().text();
        }
    }

    private String[] command(List<String> options) {
        List<String> command = new ArrayList<>(List.of("--python", Python.DEBIAN, "--http", "127.0.0.1:0"));
        command.addAll(options);
        return command.toArray(String[]::new);
    }

    @Test
    void theyAreWhatTheyAreThere() throws Exception {
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(List.of("--eval", PROGRAM));
        String there;
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, options.toArray(String[]::new))) {
            there = ask(uwsgi.address());
        }
        assertThat(there)
                .contains(
                        "uwsgi_eval_config",
                        "pages front b'Hello, you there=here'",
                        "users front None",
                        "users both b'both'",
                        "users large b'xxx");
        try (LoomgateProcess loomgate = LoomgateProcess.start(directory, command(options))) {
            assertThat(ask(loomgate.address())).isEqualTo(there);
            assertThat(loomgate.err())
                    .contains(
                            "--add-cache-item: \"front\" isn't stored in the cache \"pages\": the key is there already")
                    .contains(
                            "--load-file-in-cache: \"empty\" isn't stored in the cache \"users\": it has 0 bytes, with")
                    .contains(
                            "--load-file-in-cache: \"large\" isn't stored in the cache \"pages\": it has 1,000 bytes, with"
                                    + " a key of 5: none, too many, or the cache is full");
        }
    }

    @Test
    void aNameThatNoCacheHasIsAnError() throws Exception {
        for (String item : List.of("nowhere k=v", "k=a b=c")) {
            String[] options = command(
                    List.of("--eval", "application = len", "--cache2", "name=pages,items=2", "--add-cache-item", item));
            try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, options)) {
                assertThat(loomgate.status()).isEqualTo(2);
                assertThat(loomgate.err())
                        .startsWith("loomgate: --add-cache-item names the cache \"%s\", and there is none of that name"
                                .formatted(item.substring(0, item.indexOf(' '))));
            }
        }
    }

    @Test
    void aFileThatIsNotThereEndsTheStart() throws Exception {
        for (String name : List.of("--load-file-in-cache", "--load-file-in-cache-gzip")) {
            List<String> options = List.of("--eval", "application = len", name, "nowhere/file");
            try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, command(options))) {
                assertThat(loomgate.status()).isEqualTo(1);
                assertThat(loomgate.err())
                        .contains(
                                "loomgate: " + name + ": can't read nowhere/file: java.nio.file.NoSuchFileException: ");
            }
        }
    }

    @Test
    void whatIsWrongWithATextIsSaid() throws Exception {
        try (LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, command(List.of("--need-app", "--eval", "app = len")))) {
            assertThat(loomgate.status()).isEqualTo(22);
            assertThat(loomgate.err())
                    .contains("loomgate: the code (--eval) has no 'application' (--callable); callable there: app; try"
                            + " --callable app");
        }
        try (LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, command(List.of("--need-app", "--eval", "def = 1")))) {
            assertThat(loomgate.status()).isEqualTo(22);
            assertThat(loomgate.err()).contains("loomgate: the code (--eval) can't be imported: SyntaxError: ");
        }
    }
}
