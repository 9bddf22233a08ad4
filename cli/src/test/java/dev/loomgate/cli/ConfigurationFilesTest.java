package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The program with configuration files, in a process of its own.
class ConfigurationFilesTest {
    @TempDir
    private Path directory;

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aSiteRunsFromItsIniFile() throws Exception {
        write("shop.py", """
                import uwsgi

                def application(environ, start_response):
                    start_response("200 OK", [])
                    seen = [uwsgi.opt.get(key) for key in ("processes", "base", "master")]
                    return [repr((seen, uwsgi.numproc, list(uwsgi.opt)[:5])).encode()]
                """);
        write("site.ini", """
                [uwsgi]
                base = shop
                master = true
                http = 127.0.0.1:0
                wsgi-file = %d%(base).py
                processes = 1 ; one
                need-app = yes
                naster = true
                """);
        try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, "--ini", "site.ini", "--processes", "2")) {
            assertThat(get(loomgate.uri("/")))
                    .isEqualTo("([[b'1 ; one', b'2'], b'shop', b'true'], 2,"
                            + " ['ini', 'base', 'master', 'http', 'wsgi-file'])");
            assertThat(loomgate.err())
                    .contains("WARNING site.ini:6: processes is 1, and '; one' is dropped")
                    .contains("WARNING site.ini:8: naster is no option and nothing refers to it, did you mean master?");
            loomgate.signal("TERM");
            assertThat(loomgate.status()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "processes = 0 | site.ini:3: processes is 0, it must be in 1 to 1024",
                "workers = many | site.ini:3: workers: 'many' is not a whole number",
                "emperor-magic-exec = 1 | site.ini:3: emperor-magic-exec is a uWSGI option, not offered here: a vassal's"
                        + " file is read, and is no program",
                "emperor = /x | site.ini:3: an emperor serves nothing itself: give the application and its sockets a file of their own"
                        + " beside the others (emperor)",
                "include = no.ini | site.ini:3: there is no file no.ini",
                "home = ./nope | there is no directory DIRECTORY/nope (home in site.ini:3)",
            })
    void whatIsWrongInAFileIsOneLineWithItsPlace(String line, String expected) throws Exception {
        write("shop.py", "def application(environ, start_response): pass\n");
        write("site.ini", "[uwsgi]\nwsgi-file = shop.py\n" + line + "\nhttp = 127.0.0.1:0\nneed-app = 1\n");
        try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, "site.ini")) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err())
                    .isEqualTo("loomgate: " + expected.replace("DIRECTORY", directory.toString()) + "\n");
        }
    }

    @Test
    void theEnvironmentAndYamlGoTogetherAndAreShown() throws Exception {
        write("site.yaml", "uwsgi:\n  http: 127.0.0.1:0\n  static-map: ['/=%d']\n");
        try (LoomgateProcess loomgate = LoomgateProcess.startByShell(
                directory, Map.of("UWSGI_YAML", "site.yaml", "UWSGI_SHOW_CONFIG", "1"), "exec \"$@\"")) {
            assertThat(get(loomgate.uri("/site.yaml"))).startsWith("uwsgi:");
            assertThat(loomgate.await(Pattern.compile("(?s)\n;uWSGI instance.*;end of configuration\n"))
                            .group())
                    .isEqualTo("\n;uWSGI instance configuration\n[uwsgi]\nyaml = site.yaml\nhttp = 127.0.0.1:0\n"
                            + "static-map = /=" + directory.toRealPath() + "/\nshow-config = 1\n"
                            + ";end of configuration\n");
        }
    }
}
