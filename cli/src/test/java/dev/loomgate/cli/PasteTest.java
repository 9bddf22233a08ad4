package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Applications that Paste Deploy makes of a file: as under the real uWSGI.
@Timeout(120)
class PasteTest {
    private static final String SITE = """
            [uwsgi]
            env = PLACE=%n
            pythonpath = .
            master = true

            [app:main]
            paste.app_factory = shop:factory
            greeting = Hello

            [app:other]
            paste.app_factory = shop:factory
            greeting = Bye

            [loggers]
            keys = root, shop

            [handlers]
            keys = none

            [formatters]
            keys =

            [handler_none]
            class = logging.NullHandler
            args = ()

            [logger_root]
            handlers = none

            [logger_shop]
            level = ERROR
            handlers = none
            qualname = shop
            """;

    private static final String SHOP = """
            import logging
            import os

            def factory(global_conf, greeting):
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    level = logging.getLogger("shop").level
                    return [("%s %s %d %s" % (greeting, os.environ.get("PLACE"), level, environ["PATH_INFO"])).encode()]
                return application
            """;

    @TempDir
    private Path directory;

    private void write() throws Exception {
        Files.writeString(directory.resolve("site.ini"), SITE);
        Files.writeString(directory.resolve("shop.py"), SHOP);
    }

    private static String ask(SocketAddress server) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server)) {
            return peer.get("/cart").answer().text();
        }
    }

    private String here(String... options) throws Exception {
        String[] all = new String[options.length + 4];
        System.arraycopy(new String[] {"--python", Python.DEBIAN, "--http", "127.0.0.1:0"}, 0, all, 0, 4);
        System.arraycopy(options, 0, all, 4, options.length);
        try (LoomgateProcess loomgate = LoomgateProcess.start(directory, all)) {
            URI uri = loomgate.uri("/");
            return ask(new InetSocketAddress(uri.getHost(), uri.getPort()));
        }
    }

    @Test
    void aFileOfPasteDeploysIsAConfigurationFileToo() throws Exception {
        write();
        String there;
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, "--need-app", "--ini-paste-logged", "site.ini")) {
            there = ask(uwsgi.address());
        }
        assertThat(there).isEqualTo("Hello site 40 /cart");
        // Of which the name's beginning is enough, as there.
        assertThat(here("--ini-paste-logged", "site.ini")).isEqualTo(there);
    }

    @Test
    void anApplicationOfItIsNamed() throws Exception {
        write();
        String file = "config:" + directory.resolve("site.ini");
        assertThat(here("--paste", file + "#other", "--pythonpat", ".")).isEqualTo("Bye None 0 /cart");
    }

    @Test
    void whatIsWrongWithTheFileIsSaid() throws Exception {
        write();
        String file = "config:" + directory.resolve("nothing.ini");
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory, "--python", Python.DEBIAN, "--http", "127.0.0.1:0", "--need-app", "--paste", file)) {
            assertThat(loomgate.status()).isEqualTo(22);
            assertThat(loomgate.err()).startsWith("loomgate: '" + file + "' can't be imported: ");
        }
    }
}
