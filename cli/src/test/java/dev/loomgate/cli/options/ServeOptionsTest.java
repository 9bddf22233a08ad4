package dev.loomgate.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.AccessLogRules;
import dev.loomgate.server.Direct;
import dev.loomgate.server.Http2Options;
import dev.loomgate.server.Http3Options;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.SocketOptions;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.server.WebSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class ServeOptionsTest {
    private static final Pattern DEFAULT = Pattern.compile("\\(default: ([0-9][0-9a-z]*)[;)]");

    private static CommandSpec command(ServeOptions options) {
        CommandSpec command = CommandSpec.create();
        options.addTo(command);
        return command;
    }

    private static ServeOptions parse(String... args) {
        ServeOptions options = new ServeOptions();
        new CommandLine(command(options)).parseArgs(args);
        return options;
    }

    private static ServerOptions defaults() {
        return ServerOptions.builder()
                .settingNames(OptionTable.NAMES_OF_SETTINGS)
                .build();
    }

    @Test
    void withoutOptionsAllIsAsTheServerHasIt() {
        assertThat(parse().serverOptions()).isEqualTo(defaults());
        assertThat(parse().addresses()).isEmpty();
    }

    @Test
    void everyOptionReachesTheServer() {
        ServeOptions options = parse(
                "--http",
                "127.0.0.1:8000",
                "-s",
                "/run/a.sock",
                "--socket",
                "@b",
                "--http",
                ":9000",
                "--listen",
                "100",
                "--chmod-socket=600",
                "--chown-socket",
                "www-data:adm",
                "--so-keepalive",
                "--reuse-port",
                "--freebind",
                "--socket-sndbuf",
                "64k",
                "--socket-rcvbuf",
                "32k",
                "--allow-from",
                "10.0.0.0/8,192.168.1.1",
                "--allow-from",
                "::1",
                "--proxy-protocol-from",
                "10.1.0.0/16,unix",
                "--fastcgi-requests",
                "17",
                "--direct",
                "off",
                "--loops",
                "3",
                "--async",
                "512",
                "--greenlet",
                "--engine",
                "threads",
                "--threads",
                "7",
                "--transport",
                "nio",
                "--hold-limit",
                "1s",
                "--hand-over",
                "40ms",
                "--held-threads",
                "12",
                "--blocking-threads",
                "13",
                "--blocking-queue",
                "14",
                "--buffer-size",
                "8k",
                "--max-uri",
                "4k",
                "--max-headers",
                "50",
                "--limit-post",
                "10m",
                "--header-timeout",
                "1",
                "--body-timeout",
                "2",
                "--idle-timeout",
                "3",
                "--write-timeout",
                "4",
                "--half-closed-timeout",
                "7",
                "--http-timeout",
                "9",
                "--socket-timeout",
                "10",
                "--harakiri",
                "5.5",
                "--max-connections",
                "99",
                "--min-rate",
                "2000",
                "--min-rate-time",
                "8",
                "--http2",
                "off",
                "--http2-max-streams",
                "11",
                "--http2-max-resets",
                "12",
                "--http2-max-control-frames",
                "13",
                "--http2-max-continuations",
                "14",
                "--http3",
                "on",
                "--http3-max-streams",
                "21",
                "--http3-max-resets",
                "22",
                "--http3-max-control-frames",
                "23",
                "--http3-max-handshakes",
                "24",
                "--http3-port",
                "25",
                "--response-buffer",
                "3m",
                "--response-buffers-total",
                "50m",
                "--response-max-temp-file",
                "2g",
                "--response-temp-path",
                "/var/tmp",
                "--stop-timeout",
                "6",
                "--drain-delay",
                "7",
                "-L",
                "--log-format",
                "json",
                "--log-x-forwarded-for",
                "--log-5xx",
                "--log-slow",
                "1500",
                "--log-big",
                "64k",
                "--log-sendfile",
                "yes",
                "--development");

        assertThat(options.addresses())
                .containsExactly(
                        ListenAddress.http("127.0.0.1:8000"),
                        ListenAddress.http(":9000"),
                        ListenAddress.uwsgi("/run/a.sock"),
                        ListenAddress.uwsgi("@b"));
        Limits limits = new Limits(
                8192,
                4096,
                50,
                10 << 20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                2000,
                Duration.ofSeconds(8),
                Duration.ofSeconds(7),
                Duration.ofMillis(5500),
                17,
                512,
                99);
        ServerOptions expected = new ServerOptions(
                3,
                Engine.THREADS,
                7,
                Transport.NIO,
                Duration.ofSeconds(1),
                Duration.ofMillis(40),
                12,
                13,
                14,
                100,
                0600,
                new SocketOptions("www-data:adm", true, true, true, 64 << 10, 32 << 10),
                List.of("10.0.0.0/8", "192.168.1.1", "::1"),
                List.of("10.1.0.0/16", "unix"),
                Direct.OFF,
                TlsOptions.builder().build(),
                limits,
                new Http2Options(false, 11, 12, 13, 14),
                new Http3Options(true, 21, 22, 23, 24, 25),
                WebSocketOptions.defaults(),
                Duration.ofSeconds(9),
                Duration.ofSeconds(10),
                Spool.of(3 << 20, 50 << 20, 2L << 30, Path.of("/var/tmp")),
                Duration.ofSeconds(6),
                false,
                AccessLogFormat.JSON.withForwardedFor(),
                new AccessLogRules(false, true, Duration.ofMillis(1500), 64 << 10, false, true, false),
                System.out,
                true,
                OptionTable.NAMES_OF_SETTINGS);
        assertThat(options.serverOptions()).isEqualTo(expected);
        assertThat(options.drainDelay()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void tlsIsAsItsOptionsSay() {
        ServeOptions options = parse(
                "--https",
                ":443",
                "--https",
                "[::]:8443,b.crt,b.key,HIGH:!aNULL,!clients.pem",
                "--https2",
                "addr=:9443,cert=c.crt,key=c.key",
                "--certificate",
                "a.crt",
                "--key",
                "a.key",
                "--sni",
                "d.example d.crt,d.key",
                "--sni-dir",
                "names",
                "--tls-versions",
                "TLSv1.3",
                "--tls-engine",
                "jdk",
                "--acme",
                "one.example,two.example",
                "--acme-state",
                "state");

        assertThat(options.addresses())
                .containsExactly(
                        ListenAddress.https(":443"), ListenAddress.https("[::]:8443"), ListenAddress.https(":9443"));
        Path here = Path.of("").toAbsolutePath();
        TlsOptions tls = options.serverOptions().tls();
        assertThat(tls.certificates().stream()
                        .map(files -> here.relativize(files.chain().toAbsolutePath())))
                .containsExactly(
                        Path.of("a.crt"),
                        Path.of("b.crt"),
                        Path.of("c.crt"),
                        Path.of("d.crt"),
                        Path.of("state/one.example.crt"));
        assertThat(tls.certificates().get(3).names()).containsExactly("d.example");
        assertThat(tls.clientCertificates()).isEqualTo(TlsOptions.ClientCertificates.REQUIRED);
        assertThat(tls.ciphers()).containsExactly("HIGH", "!aNULL");
        assertThat(tls.versions()).containsExactly("TLSv1.3");
        assertThat(tls.engine()).isEqualTo(TlsOptions.Engine.JDK);
        assertThat(options.acme().domains()).containsExactly("one.example", "two.example");
    }

    @Test
    void scgiAndFastCgiHaveSocketsOfTheirOwn() {
        assertThat(parse("--scgi-socket", "/run/a", "--fastcgi-socket", ":1", "-s", "/run/c", "--protocol", "scgi")
                        .addresses())
                .containsExactly(
                        ListenAddress.scgi("/run/c"), ListenAddress.scgi("/run/a"), ListenAddress.fastcgi(":1"));
    }

    @Test
    void chmodSocketWithoutModeLetsEverybodyIn() {
        assertThat(parse("--chmod-socket", "-s", "x").serverOptions().socketMode())
                .isEqualTo(0666);
    }

    @Test
    void umaskIsForUnixSocketsUnlessTheyHaveAModeOfTheirOwn() {
        assertThat(parse("--umask", "007").serverOptions().socketMode()).isEqualTo(0770);
        assertThat(parse("--umask", "0022").serverOptions().socketMode()).isEqualTo(0755);
        assertThat(parse("--umask", "077", "--chmod-socket=666").serverOptions().socketMode())
                .isEqualTo(0666);
        assertThat(parse("--umask", "007").process().inherited().umask()).isEqualTo(7);
    }

    @Test
    void uwsgisNamesOfSocketsAreThere() {
        assertThat(parse("--http-socket", ":1", "--http11-socket", ":2", "--uwsgi-socket", ":3", "-s", ":4")
                        .addresses())
                .containsExactly(
                        ListenAddress.http(":1"),
                        ListenAddress.http(":2"),
                        ListenAddress.uwsgi(":4"),
                        ListenAddress.uwsgi(":3"));
    }

    @Test
    void protocolIsWhatSocketSpeaksAndNoOther() {
        assertThat(parse("--protocol", "http", "-s", ":1", "--uwsgi-socket", ":2")
                        .addresses())
                .containsExactly(ListenAddress.http(":1"), ListenAddress.uwsgi(":2"));
        assertThat(parse("-s", ":1", "--socket-protocol", "uwsgi").addresses())
                .containsExactly(ListenAddress.uwsgi(":1"));
    }

    @Test
    void sharedSocketsAreNamedByTheirNumbers() {
        assertThat(parse("--shared-socket", ":8000", "--shared-socket", "/run/a", "--http", "=0", "-s", "=1")
                        .addresses())
                .containsExactly(ListenAddress.http(":8000"), ListenAddress.uwsgi("/run/a"));
    }

    @Test
    void abstractSocketsHaveThePathAsTheirName() {
        assertThat(parse("-a", "-s", "/run/a", "-s", "@b", "-s", ":1").addresses())
                .containsExactly(ListenAddress.uwsgi("@/run/a"), ListenAddress.uwsgi("@b"), ListenAddress.uwsgi(":1"));
    }

    @Test
    void httpToMayNameWhatIsListenedOn() {
        List<ListenAddress> both = List.of(ListenAddress.http(":80"), ListenAddress.uwsgi("/run/a"));
        assertThat(parse("--http", ":80", "--http-to", "/run/a", "-s", "/run/a").addresses())
                .isEqualTo(both);
        assertThat(parse("--http", ":80", "--http-to", "127.0.0.1:3031", "-s", ":3031")
                        .addresses())
                .hasSize(2);
    }

    @Test
    void socketTimeoutIsForHttpSocketsWhereThereIsNoHttp() {
        assertThat(parse("--http-socket", ":1", "-z", "5").serverOptions().httpTimeout())
                .hasSeconds(5);
        assertThat(parse("--http", ":1", "-z", "5").serverOptions().httpTimeout())
                .isZero();
        assertThat(parse("-z", "5", "--http-timeout", "6").serverOptions().httpTimeout())
                .hasSeconds(6);
        assertThat(parse("-z", "5").serverOptions().uwsgiTimeout()).hasSeconds(5);
    }

    @Test
    void httpKeepaliveIsTheIdleTimeoutOrChangesNothing() {
        Duration standard = Limits.defaults().idleTimeout();
        for (String on : List.of("--http-keepalive", "--http-keepalive=1", "--http-keepalive=true")) {
            assertThat(parse(on).serverOptions().limits().idleTimeout()).as(on).isEqualTo(standard);
        }
        assertThat(parse("--http-keepalive=20", "--idle-timeout", "9")
                        .serverOptions()
                        .limits()
                        .idleTimeout())
                .hasSeconds(20);
    }

    @Test
    void asyncioIsAsync() {
        assertThat(parse("--asyncio", "512").serverOptions().limits().maxMicrothreads())
                .isEqualTo(512);
    }

    @Test
    void addressesMayStandAnywhere() {
        ServeOptions options = parse("--http", ":1", "--listen", "7", "--loops", "2", "--http", ":2", "--async", "9");

        assertThat(options.addresses()).containsExactly(ListenAddress.http(":1"), ListenAddress.http(":2"));
        assertThat(options.serverOptions().backlog()).isEqualTo(7);
    }

    /// What the help says is given back as an option's value, and must change nothing.
    @Test
    void helpTellsTheRealDefaults() {
        int told = 0;
        for (OptionSpec option : command(new ServeOptions()).options()) {
            Matcher value = DEFAULT.matcher(String.join(" ", option.description()));
            if (value.find()) {
                told++;
                assertThat(parse(option.longestName() + "=" + value.group(1)).serverOptions())
                        .as(option.longestName())
                        .isEqualTo(defaults());
            }
        }
        assertThat(told).isEqualTo(48);
    }
}
