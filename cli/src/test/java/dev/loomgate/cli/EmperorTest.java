package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.emperor.StatsFormTest;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An emperor and its vassals, in a process that they share or each in its own, as they come, change, fail and go.
@Tag("timing")
@Timeout(300)
class EmperorTest {
    @TempDir
    private Path directory;

    private Path sites;

    @BeforeEach
    void makeSites() throws IOException {
        sites = Files.createDirectory(directory.resolve("sites"));
        for (String name : List.of("one", "two")) {
            Files.writeString(Files.createDirectory(directory.resolve(name)).resolve("page"), name);
        }
    }

    private LoomgateProcess start(String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("--emperor", "sites", "--emperor-freq", "200ms"));
        args.addAll(Arrays.asList(more));
        return LoomgateProcess.launch(directory, args.toArray(String[]::new));
    }

    /// Each write gives the file a time of its own.
    private void write(String name, String options) throws IOException {
        Path file = sites.resolve(name);
        Path fresh = Files.writeString(directory.resolve("fresh"), "[uwsgi]\n" + options);
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now()));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String staticSite(String which) {
        return "http-socket = %n.sock\nstatic-map = /=../" + which + "\n";
    }

    private String get(String site) throws IOException {
        try (HttpPeer peer = HttpPeer.to(UnixDomainSocketAddress.of(sites.resolve(site + ".sock")))) {
            return peer.get("/page").answer().text();
        }
    }

    private void awaitPage(String site, String page) throws Exception {
        Eventually.await(page + " of " + site, () -> {
            try {
                return get(site).equals(page);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static long process(LoomgateProcess emperor, String vassal) throws Exception {
        Matcher serving = Pattern.compile("emperor: " + vassal + " serves, process (\\d+)")
                .matcher(emperor.err());
        long last = -1;
        while (serving.find()) {
            last = Long.parseLong(serving.group(1));
        }
        return last;
    }

    private static Pattern line(String text) {
        return Pattern.compile(Pattern.quote(text));
    }

    private static String[] isolated(boolean isolated, String... more) {
        return Stream.concat(Stream.of(more), isolated ? Stream.of("--isolate") : Stream.empty())
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void vassalsComeChangeFailAndGo(boolean isolated) throws Exception {
        write("a.ini", staticSite("one"));
        write("b.ini", staticSite("%(site)"));
        write("broken.ini", "http-socket = broken.sock\nprocesses = many\n");
        Files.writeString(sites.resolve("no.conf"), "[uwsgi]\n");
        try (LoomgateProcess emperor =
                start(isolated(isolated, "--vassal-set", "set-placeholder=site=two", "--emperor-pidfile", "e.pid"))) {
            awaitPage("a", "one");
            awaitPage("b", "two");
            assertThat(directory.resolve("e.pid")).hasContent(Long.toString(emperor.pid()));
            assertThat(process(emperor, "a.ini") == process(emperor, "b.ini")).isNotEqualTo(isolated);

            // One that is broken has pauses, and disturbs nobody.
            emperor.await(Pattern.compile("broken.ini is tried again in 2000 ms"));
            assertThat(emperor.err()).contains("broken.ini:3: processes: 'many' is not a whole number");
            assertThat(sites.resolve("broken.sock")).doesNotExist();
            emperor.signal("USR1").await(Pattern.compile("b.ini: serves, process \\d+\nbroken.ini: "));

            // It is tried at once when it changes; its pause would be four seconds by now.
            write("broken.ini", staticSite("one"));
            awaitPage("broken", "one");

            // What is changed for the worse goes on as it was.
            long before = process(emperor, "a.ini");
            write("a.ini", staticSite("one") + "workers = none\n");
            emperor.await(line("a.ini the new configuration can't be used"));
            assertThat(get("a")).isEqualTo("one");
            assertThat(Processes.exists(before)).isTrue();

            // The one that is killed is started again, with the file as it was before that.
            write("a.ini", staticSite("two"));
            awaitPage("a", "two");
            Processes.signal(process(emperor, "a.ini"), "KILL");
            emperor.await(line("a.ini process"));
            assertThat(get("a")).isEqualTo("two"); // a connection waits meanwhile

            Files.delete(sites.resolve("a.ini"));
            emperor.await(line("a.ini has gone"));
            assertThat(sites.resolve("a.sock")).as(emperor.err()).doesNotExist();
            long left = process(emperor, "b.ini");

            assertThat(emperor.signal("TERM").status()).isZero();
            assertThat(Processes.exists(left)).isFalse();
            assertThat(sites.resolve("b.sock")).doesNotExist();
            assertThat(directory.resolve("e.pid")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noConnectionIsRefusedWhileAVassalIsReloaded(boolean isolated) throws Exception {
        write("a.ini", staticSite("one"));
        try (LoomgateProcess emperor = start(isolated(isolated))) {
            awaitPage("a", "one");
            AtomicBoolean ends = new AtomicBoolean();
            AtomicInteger answers = new AtomicInteger();
            List<Exception> failures = new CopyOnWriteArrayList<>();
            Thread client = Thread.ofPlatform().start(() -> {
                while (!ends.get()) {
                    try {
                        get("a");
                        answers.incrementAndGet();
                    } catch (IOException e) {
                        failures.add(e);
                    }
                }
            });
            write("a.ini", staticSite("two"));
            awaitPage("a", "two");
            emperor.signal("HUP");
            emperor.await(Pattern.compile("(?s)(a.ini serves.*){3}"));
            ends.set(true);
            client.join();

            assertThat(failures).as(emperor.err()).isEmpty();
            assertThat(answers).hasPositiveValue();
        }
    }

    private static String pythonSite(String module) {
        return "http-socket = %n.sock\nmodule = " + module + "\nprocesses = 1\npython = " + Python.DEBIAN + "\n";
    }

    /// What concerns a whole process has one of its own, as long as its file says so.
    @Test
    void aVassalThatCannotShareAProcessHasItsOwn() throws Exception {
        write("a.ini", staticSite("one") + "safe-pidfile = a.pid\n");
        write("b.ini", staticSite("two"));
        write("c.ini", staticSite("two"));
        try (LoomgateProcess emperor = start()) {
            awaitPage("a", "one");
            awaitPage("b", "two");
            awaitPage("c", "two");
            emperor.await(line("a.ini gets a process of its own, for --safe-pidfile"));
            emperor.await(Pattern.compile("(?s)(?=.*a.ini serves)(?=.*b.ini serves)(?=.*c.ini serves)"));
            assertThat(sites.resolve("a.pid")).hasContent(Long.toString(process(emperor, "a.ini")));
            assertThat(process(emperor, "b.ini"))
                    .isEqualTo(process(emperor, "c.ini"))
                    .isNotEqualTo(process(emperor, "a.ini"));

            write("a.ini", staticSite("two"));
            awaitPage("a", "two");
            emperor.await(Pattern.compile("(?s)(a.ini serves.*){2}"));
            assertThat(process(emperor, "a.ini")).isEqualTo(process(emperor, "b.ini"));

            write("a.ini", staticSite("one") + "log-format = json\n");
            awaitPage("a", "one");
            emperor.await(line("a.ini gets a process of its own, for --log-format json"));
        }
    }

    /// The old process leaves its socket to the next one, which then has to remove it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVassalThatGoesWhileItIsReloadedLeavesNoSocket(boolean isolated) throws Exception {
        Files.writeString(sites.resolve("app.py"), """
                import os
                import time
                def application(environ, start_response):
                    if environ["QUERY_STRING"]:
                        open("inside", "w").close()
                        while not os.path.exists("go"):
                            time.sleep(0.01)
                    start_response("200 OK", [])
                    return [b"python"]
                """);
        write("a.ini", pythonSite("app"));
        try (LoomgateProcess emperor = start(isolated(isolated))) {
            awaitPage("a", "python");
            try (HttpPeer slow = HttpPeer.to(UnixDomainSocketAddress.of(sites.resolve("a.sock")))) {
                slow.get("/page?slow");
                Eventually.await("the request to begin", () -> Files.exists(sites.resolve("inside")));
                write("a.ini", pythonSite("app"));
                emperor.await(line("stopping on the emperor's order to reload"));

                Files.delete(sites.resolve("a.ini"));
                emperor.await(line("a.ini is stopped when process"));
                Files.createFile(sites.resolve("go"));

                assertThat(slow.answer().text()).isEqualTo("python");
            }
            emperor.await(line("a.ini has gone"));
            assertThat(sites.resolve("a.sock")).as(emperor.err()).doesNotExist();
        }
    }

    /// Its import never ends. What it shares a process with goes on.
    @Test
    void aVassalThatHangsInItsStartIsEnded() throws Exception {
        Files.writeString(sites.resolve("hangs.py"), "open('inside', 'w').close()\nimport time\ntime.sleep(600)\n");
        write("a.ini", pythonSite("hangs"));
        write("b.ini", staticSite("two"));
        try (LoomgateProcess emperor = start("--emperor-curse-tolerance", "1")) {
            awaitPage("b", "two");
            Eventually.await("the import to begin", () -> Files.exists(sites.resolve("inside")));
            long shared = process(emperor, "b.ini");

            Files.delete(sites.resolve("a.ini"));

            emperor.await(line("a.ini has gone"));
            ProcessHandle process = ProcessHandle.of(shared).orElseThrow();
            Eventually.await(
                    "the end of its process, which has been killed",
                    () -> process.children().findAny().isEmpty());
            assertThat(get("b")).isEqualTo("two");
            assertThat(emperor.signal("TERM").status()).isZero();
            assertThat(Processes.exists(shared)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVassalEndsWithAnEmperorThatIsKilled(boolean isolated) throws Exception {
        Files.writeString(sites.resolve("app.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [b"python"]
                """);
        write("a.ini", pythonSite("app"));
        try (LoomgateProcess emperor = start(isolated(isolated))) {
            awaitPage("a", "python");
            List<ProcessHandle> all =
                    ProcessHandle.of(emperor.pid()).orElseThrow().descendants().toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(3);

            emperor.signal("KILL");

            Eventually.await(
                    "the end of all", () -> all.stream().noneMatch(process -> Processes.exists(process.pid())));
        }
    }

    @Test
    void aVassalOnDemandStartsWithTheFirstConnection() throws Exception {
        Path socket = sites.resolve("now.sock");
        write("a.ini", "protocol = http\nstatic-map = /=../one\n");
        Files.writeString(sites.resolve("a.ini.socket"), "now.sock\nand more");
        try (LoomgateProcess emperor = start("--emperor-on-demand-extension", ".socket")) {
            emperor.await(line("a.ini waits for the first connection to now.sock"));
            assertThat(ProcessHandle.of(emperor.pid()).orElseThrow().children()).isEmpty();
            try (HttpPeer peer = HttpPeer.slowTo(UnixDomainSocketAddress.of(socket))) {
                assertThat(peer.get("/page").answer().text()).isEqualTo("one");
            }

            assertThat(emperor.signal("TERM").status()).isZero();
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void theStateCanBeReadAsJson() throws Exception {
        write("a.ini", staticSite("one") + "heartbeat = 1\n");
        write("broken.ini", "processes = many\n");
        Path socket = directory.resolve("stats");
        try (LoomgateProcess emperor = start("--emperor-stats", "stats", "--emperor-throttle", "0")) {
            awaitPage("a", "one");
            emperor.await(line("broken.ini process"));
            Pattern all = Pattern.compile("\"vassals\":\\[\\{\"id\":\"a.ini\",\"pid\":" + process(emperor, "a.ini")
                    + ",.*\"last_heartbeat\":[1-9]\\d+,\"loyal\":1,.*\"monitor\":\"sites\",\"respawns\":0\\}"
                    + ".*\"blacklist\":\\[\\{\"id\":\"broken.ini\",\"throttle_level\":0,\"attempt\":\\d+,");

            AtomicReference<String> state = new AtomicReference<>("");
            Eventually.await(state::get, () -> {
                try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                    state.set(client.receiveText());
                    return all.matcher(state.get()).find();
                }
            });
            assertThat(StatsFormTest.names(state.get())).isEqualTo(StatsFormTest.NAMES);
        }
    }

    @Test
    void anEmperorThatCannotBeIsOneLine() throws Exception {
        try (LoomgateProcess emperor = start("--emperor-stats", "/nowhere/stats")) {
            assertThat(emperor.status()).isEqualTo(1);
            assertThat(emperor.err())
                    .startsWith("loomgate: --emperor-stats: can't listen on unix socket /nowhere/stats: ")
                    .hasLineCount(1);
        }
    }
}
