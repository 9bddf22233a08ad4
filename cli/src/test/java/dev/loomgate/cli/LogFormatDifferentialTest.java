package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Request lines as a real uWSGI writes them: the same format, the same packets, the same lines except times, ids and
/// memory, which are looked at on their own.
@Timeout(120)
class LogFormatDifferentialTest {
    /// All variables, but `switches` and `rerr`, which nobody counts here.
    private static final String FORMAT =
            "REQ %(addr) - %(user) [%(ltime)] \"%(method) %(uri) %(proto)\" %(status) %(rsize)"
                    + " \"%(referer)\" \"%(uagent)\" host=%(host) size=%(size) hsize=%(hsize) headers=%(headers) cl=%(cl)"
                    + " vars=%(vars) pktsize=%(pktsize) mod=%(modifier1)/%(modifier2) token=%(var.X_TOKEN) none=%(var.NONE)"
                    + " path=%(var.PATH_INFO) who=%(who) wid=%(wid) core=%(core) errors=%(werr)/%(ioerr) 100%% %x (plain)"
                    + " | %(pid) %(time) %(epoch) %(tmsecs) %(tmicros) %(micros) %(msecs) %(secs) %(rss) %(rssM) %(vsz) %(vszM)"
                    + " | %(ctime) | %(ftime)";

    private static final Pattern VOLATILE =
            Pattern.compile("\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}]");
    private static final Pattern CTIME =
            Pattern.compile("[A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}");
    private static final Pattern NUMBER = Pattern.compile("n=(\\d+)");

    @TempDir
    private Path directory;

    private static UwsgiPacket packet(String method, String uri) {
        return UwsgiPacket.request(method, uri).with("REMOTE_ADDR", "10.1.2.3");
    }

    private static List<UwsgiPacket> requests() {
        List<UwsgiPacket> all = new ArrayList<>(List.of(
                packet("GET", "/?n=10"),
                packet("GET", "/a/b?n=11&x=1").with("HTTP_HOST", "example.org:8080"),
                packet("GET", "/?n=12")
                        .with("HTTP_USER_AGENT", "agent/1.0 (x; y)")
                        .with("HTTP_REFERER", "http://a/b?c"),
                packet("GET", "/?n=13")
                        .with("HTTP_HOST", "")
                        .with("HTTP_USER_AGENT", "")
                        .with("HTTP_REFERER", ""),
                packet("GET", "/?n=14").with("REMOTE_USER", "bob").with("X_TOKEN", "secret"),
                packet("GET", "/?n=15").with("HTTP_X_FORWARDED_FOR", "192.0.2.1, 10.0.0.1"),
                UwsgiPacket.request("GET", "/?n=17"),
                packet("POST", "/echo?n=18").body("hello"),
                packet("PUT", "/echo?n=19").body("x".repeat(3000)),
                packet("POST", "/echo?n=20").with("CONTENT_LENGTH", ""),
                packet("DELETE", "/?n=21"),
                packet("OPTIONS", "/?n=22"),
                packet("PURGE", "/?n=23"),
                packet("GET", "/headers?n=24"),
                packet("GET", "/who?n=25"),
                packet("GET", "/generator?n=26"),
                packet("GET", "/file?n=27"),
                packet("GET", "/large?n=28"),
                packet("GET", "/empty?n=29"),
                packet("HEAD", "/empty?n=30"),
                packet("GET", "/" + "x".repeat(3000) + "?n=31"),
                packet("GET", "/?n=32").with("HTTP_COOKIE", "a=b; c=d"),
                packet("GET", "/write?n=33"),
                packet("GET", "/?n=34").modifier2(0).with("HTTPS", "on")));
        for (int status : List.of(201, 301, 404, 410, 500, 503)) {
            all.add(packet("GET", "/status/" + status + "?n=" + status));
        }
        return all;
    }

    private static void writeProgram(Path to) throws Exception {
        Files.writeString(to, """
                import io
                import uwsgi
                def application(environ, start_response):
                    path = environ["PATH_INFO"]
                    status, headers, body = "200 OK", [("Content-Type", "text/plain")], [b"hello"]
                    if path == "/echo":
                        body = [environ["wsgi.input"].read()]
                    elif path == "/headers":
                        headers += [("X-%d" % i, "v" * i) for i in range(9)]
                    elif path == "/who":
                        uwsgi.set_logvar("who", "bob")
                        uwsgi.set_logvar("unused", "x")
                    elif path in ("/generator", "/write"):
                        body = [b"one", b"two", b"three"]
                    elif path == "/large":
                        body = [b"x" * 300000]
                    elif path == "/empty":
                        body = [b""]
                    elif path.startswith("/status/"):
                        status = path[8:] + " Something"
                    length = sum(map(len, body))
                    headers.append(("Content-Length", str(length)))
                    write = start_response(status, headers)
                    if path == "/write":
                        write(body[0])
                        return body[1:]
                    if path == "/generator":
                        return (part for part in body)
                    if path == "/file":
                        return environ["wsgi.file_wrapper"](open(__file__[:-6] + "five.txt", "rb"), 4096)
                    return body
                """);
        Files.writeString(to.resolveSibling("five.txt"), "12345");
    }

    /// On the command line, or in a file, where uWSGI replaces what stands after a % as well.
    private List<String> options(boolean inAFile) throws Exception {
        String program = directory.resolve("app.py").toString();
        if (inAFile) {
            Path file = Files.writeString(directory.resolve("site.ini"), """
                    [uwsgi]
                    log-format = %s
                    logformat-strftime = true
                    log-date = at %%%%Y-%%%%m-%%%%d
                    log-x-forwarded-for = true
                    wsgi-file = %s
                    """.formatted(FORMAT, program));
            return List.of("--ini", file.toString());
        }
        return List.of(
                "--log-format",
                FORMAT,
                "--log-format-strftime",
                "--log-date=at %Y-%m-%d",
                "--log-x-forwarded-for",
                "--wsgi-file",
                program);
    }

    private static void ask(SocketAddress server) throws Exception {
        for (UwsgiPacket request : requests()) {
            try (RawClient client = RawClient.connect(server)) {
                client.send(request.bytes()).receiveAll();
            }
        }
    }

    private static List<String> lines(String output) {
        return output.lines()
                .filter(line -> line.startsWith("REQ "))
                .sorted(Comparator.comparingInt(LogFormatDifferentialTest::number))
                .toList();
    }

    private static int number(String line) {
        Matcher number = NUMBER.matcher(line);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void theLinesAreUwsgis(String direct) throws Exception {
        writeProgram(directory.resolve("app.py"));
        List<String> options = options(direct.equals("off"));
        List<String> theirs = new ArrayList<>(List.of("--plugin", "python3"));
        theirs.addAll(options);
        theirs.addAll(List.of("--memory-report"));
        Path socket = directory.resolve("s");
        List<String> ours = new ArrayList<>(
                List.of("-s", socket.toString(), "--python", Python.DEBIAN, "--direct", direct, "-p", "1"));
        ours.addAll(options);
        List<String> expected;
        List<String> actual;
        long begun = Instant.now().getEpochSecond();
        try (Uwsgi uwsgi = Uwsgi.unix(directory, PythonProgram.of(directory, "app"), theirs.toArray(String[]::new));
                LoomgateProcess loomgate = LoomgateProcess.start(directory, ours.toArray(String[]::new))) {
            int count = requests().size();
            ask(uwsgi.address());
            ask(UnixDomainSocketAddress.of(socket));
            Eventually.await(
                    () -> count + " lines",
                    () -> lines(uwsgi.log()).size() == count
                            && lines(loomgate.out()).size() == count);
            expected = lines(uwsgi.log());
            actual = lines(loomgate.out());
            assertThat(actual.getFirst()).contains(" | " + workerOf(loomgate.pid()) + " ");
        }
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            String[] want = expected.get(i).split(" \\| ", -1);
            String[] have = actual.get(i).split(" \\| ", -1);
            String wanted = VOLATILE.matcher(want[0]).replaceFirst("[time]");
            String line = VOLATILE.matcher(have[0]).replaceFirst("[time]");
            assertThat(wanted).contains("[time]");
            if (!line.equals(wanted)) {
                differences.add("uWSGI " + wanted + " but " + line);
            }
            figures(want[1], begun);
            figures(have[1], begun);
            assertThat(want[2]).matches(CTIME);
            assertThat(have[2]).matches(CTIME);
            assertThat(have[3]).isEqualTo(want[3]).matches("at \\d{4}-\\d\\d-\\d\\d");
        }
        assertThat(differences).isEmpty();
    }

    /// Apache's formats by their names, as uWSGI writes them by a pattern; it has no `-` for no content, as Apache has.
    @ParameterizedTest
    @ValueSource(strings = {"common", "combined"})
    void apachesFormatsAreThePatternsOfTheirNames(String name) throws Exception {
        writeProgram(directory.resolve("app.py"));
        String pattern = "%(addr) - %(user) [%(ltime)] \"%(method) %(uri) %(proto)\" %(status) %(rsize)"
                + (name.equals("combined") ? " \"%(referer)\" \"%(uagent)\"" : "");
        Path socket = directory.resolve("s");
        int count = requests().size();
        try (Uwsgi uwsgi = Uwsgi.unix(
                        directory,
                        PythonProgram.of(directory, "app"),
                        "--plugin",
                        "python3",
                        "--log-format",
                        pattern,
                        "--wsgi-file",
                        directory.resolve("app.py").toString());
                LoomgateProcess loomgate = LoomgateProcess.start(
                        directory,
                        "-s",
                        socket.toString(),
                        "--python",
                        Python.DEBIAN,
                        "-w",
                        "app",
                        "--log-format",
                        name)) {
            ask(uwsgi.address());
            ask(UnixDomainSocketAddress.of(socket));
            Eventually.await(
                    count + " lines each",
                    () -> requestLines(uwsgi.log()).size() == count
                            && requestLines(loomgate.out()).size() == count);

            assertThat(requestLines(loomgate.out()))
                    .isEqualTo(requestLines(uwsgi.log()).stream()
                            .map(line -> line.replaceFirst("(\" \\d{3} )0(?= |$)", "$1-"))
                            .toList());
        }
    }

    private static List<String> requestLines(String output) {
        return output.lines()
                .filter(line ->
                        VOLATILE.matcher(line).find() && NUMBER.matcher(line).find())
                .map(line -> VOLATILE.matcher(line).replaceFirst("[time]"))
                .sorted(Comparator.comparingInt(LogFormatDifferentialTest::number))
                .toList();
    }

    private static String workerOf(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .filter(child -> child.children().findAny().isEmpty())
                .map(child -> Long.toString(child.pid()))
                .reduce("", (all, each) -> all.isEmpty() ? each : "(?:" + all + "|" + each + ")");
    }

    /// `pid time epoch tmsecs tmicros micros msecs secs rss rssM vsz vszM`.
    private static void figures(String text, long begun) {
        assertThat(text).matches("(\\d+ ){7}\\d+\\.\\d{6}( \\d+){4}");
        String[] figures = text.split(" ", -1);
        long micros = Long.parseLong(figures[5]);
        assertThat(Long.parseLong(figures[1])).isBetween(begun - 1, begun + 120);
        assertThat(Long.parseLong(figures[2])).isBetween(begun - 1, begun + 120);
        assertThat(Long.parseLong(figures[3]) / 1000).isEqualTo(Long.parseLong(figures[1]));
        assertThat(Long.parseLong(figures[4]) / 1000).isEqualTo(Long.parseLong(figures[3]));
        assertThat(Long.parseLong(figures[6])).isEqualTo(micros / 1000);
        assertThat(Double.parseDouble(figures[7])).isEqualTo(micros / 1e6);
        long rss = Long.parseLong(figures[8]);
        long vsz = Long.parseLong(figures[10]);
        assertThat(rss).isBetween(1L << 20, vsz);
        assertThat(Long.parseLong(figures[9])).isEqualTo(rss >> 20);
        assertThat(Long.parseLong(figures[11])).isEqualTo(vsz >> 20);
    }
}
