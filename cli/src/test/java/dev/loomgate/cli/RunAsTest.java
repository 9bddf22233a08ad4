package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.peers.Python;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who the server and its workers are, and whom its files belong to. As root, with users that every Debian has.
@Timeout(300)
class RunAsTest {
    private static final Pattern HTTP = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+),");
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    private static final List<String> AS_ROOT = List.of();

    /// `Uid`, `Gid`, `Groups` and `CapEff` of /proc/PID/status.
    private static final String WWW_DATA = "33 33 [33] 0";

    private static final String DAEMON_TOO = "33 33 [1] 0";
    private static final String NOBODY = "65534 65534 [] 0";

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Installation installation;

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.in(shared);
    }

    @BeforeEach
    void writeTheProgram() throws IOException {
        Installation.openTo(directory);
        Path program = Files.writeString(directory.resolve("who.py"), """
                import os
                loaded_as = os.getuid()
                def application(environ, start_response):
                    text = "%d %d %s" % (loaded_as, os.getgid(), os.environ.get("_JAVA_SR_SIGNUM"))
                    start_response("200 OK", [("Content-Length", str(len(text)))])
                    return [text.encode()]
                """);
        Installation.openTo(program);
    }

    private LoomgateProcess start(List<String> as, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("-w", "who", "-p", "2", "--python", Python.DEBIAN));
        args.addAll(Arrays.asList(more));
        return LoomgateProcess.launch(installation, as, directory, args.toArray(String[]::new));
    }

    private String log(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private Matcher awaitLog(LoomgateProcess server, String name, Pattern expected) throws Exception {
        Eventually.await(
                () -> {
                    try {
                        return expected + " in " + log(name) + server.err();
                    } catch (IOException e) {
                        return e.toString();
                    }
                },
                () -> !server.isAlive() || expected.matcher(log(name)).find());
        Matcher found = expected.matcher(log(name));
        assertThat(found.find()).as(() -> expected + " in the log").isTrue();
        return found;
    }

    /// Of all threads of a process; none where it has ended meanwhile, as one of an old generation may.
    private static Set<String> ids(long pid) {
        Set<String> all = new TreeSet<>();
        File[] threads = Path.of("/proc/" + pid + "/task").toFile().listFiles();
        if (threads != null) {
            for (File thread : threads) {
                String status;
                try {
                    status = Files.readString(thread.toPath().resolve("status"));
                } catch (IOException e) {
                    continue; // it has ended meanwhile
                }
                assertThat(new TreeSet<>(List.of(field(status, "Uid").split("\\s+", -1))))
                        .hasSize(1);
                assertThat(new TreeSet<>(List.of(field(status, "Gid").split("\\s+", -1))))
                        .hasSize(1);
                all.add("%s %s %s %d"
                        .formatted(
                                field(status, "Uid").split("\\s+", -1)[0],
                                field(status, "Gid").split("\\s+", -1)[0],
                                Arrays.toString(
                                        Stream.of(field(status, "Groups").split("\\s+", -1))
                                                .filter(each -> !each.isEmpty())
                                                .toArray()),
                                Long.parseUnsignedLong(field(status, "CapEff"), 16)));
            }
        }
        return all;
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> idsOfAll(long pid) {
        Set<String> all = new TreeSet<>(ids(pid));
        for (ProcessHandle child :
                ProcessHandle.of(pid).orElseThrow().descendants().toList()) {
            all.addAll(ids(child.pid()));
        }
        return all;
    }

    private static long workers(long pid) {
        return ProcessHandle.of(pid).orElseThrow().descendants().count();
    }

    private String owner(String file) throws IOException {
        Path path = directory.resolve(file);
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) + ":"
                + Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }

    private static String answer(SocketAddress server) throws IOException {
        try (RawClient client = RawClient.connect(server)) {
            String text = new String(
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII))
                            .receive(10_000),
                    StandardCharsets.US_ASCII);
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    private static SocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Root or not, with a user given or not, at a unix socket and at a port.
    @ParameterizedTest
    @CsvSource({
        "true, true, true",
        "true, true, false",
        "true, false, true",
        "true, false, false",
        "false, true, true",
        "false, true, false",
        "false, false, true",
        "false, false, false"
    })
    void whoRunsWhatAndOwnsWhat(boolean root, boolean given, boolean unix) throws Exception {
        if (!root) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        List<String> args = new ArrayList<>(List.of(
                "--http",
                unix ? directory.resolve("s").toString() : "127.0.0.1:0",
                "--pidfile",
                "pid",
                "--logto",
                "log"));
        if (given) {
            args.addAll(List.of("--uid", "www-data", "--gid", "www-data"));
        }
        try (LoomgateProcess server = start(root ? AS_ROOT : AS_NOBODY, args.toArray(String[]::new))) {
            awaitLog(server, "log", Pattern.compile("engine [a-z]+, transport"));
            SocketAddress address = unix
                    ? UnixDomainSocketAddress.of(directory.resolve("s"))
                    : at(Integer.parseInt(awaitLog(server, "log", HTTP).group(1)));
            String starter = root ? "0:0" : "65534:65534";
            String user = root && given ? "33:33" : starter;

            assertThat(answer(address)).startsWith(user.replace(':', ' '));
            assertThat(log("pid")).isEqualTo(server.pid() + "\n");
            assertThat(owner("pid")).isEqualTo(starter);
            assertThat(owner("log")).isEqualTo(starter);
            if (unix) {
                assertThat(owner("s")).isEqualTo(user);
            }
            assertThat(workers(server.pid())).isGreaterThanOrEqualTo(3);
            if (root && given) {
                assertThat(idsOfAll(server.pid())).containsExactly(WWW_DATA);
            } else if (!root) {
                assertThat(idsOfAll(server.pid())).containsExactly(NOBODY);
            }
            String said = log("log");
            assertThat(said.contains("not started as root, so the user stays nobody instead of user www-data (33)"))
                    .isEqualTo(!root && given);
            assertThat(said.contains("runs as user www-data (33), group www-data (33)"))
                    .isEqualTo(root && given);

            assertThat(server.signal("TERM").status()).isZero();
            // What the user may not remove stays behind: the number is taken out of the file.
            if (root && given) {
                assertThat(log("pid")).isEmpty();
                assertThat(log("log").contains("is left behind, it can't be removed"))
                        .isEqualTo(unix);
            } else {
                assertThat(directory.resolve("pid")).doesNotExist();
                assertThat(directory.resolve("s")).doesNotExist();
            }
        }
    }

    @Test
    void groupsAreThoseThatAreGiven() throws Exception {
        try (LoomgateProcess server = start(
                AS_ROOT,
                "--http",
                "127.0.0.1:0",
                "--uid",
                "33",
                "--gid",
                "33",
                "--add-gid",
                "daemon",
                "--logto2",
                "/dev/stderr")) {
            String port = server.await(HTTP).group(1);

            assertThat(answer(at(Integer.parseInt(port)))).startsWith("33 33");
            assertThat(idsOfAll(server.pid())).containsExactly(DAEMON_TOO);
        }
    }

    @Test
    void theUsersOwnGroupIsTakenWithoutAnother() throws Exception {
        try (LoomgateProcess server = start(AS_ROOT, "--http", "127.0.0.1:0", "--uid", "www-data")) {
            server.await(HTTP);

            assertThat(idsOfAll(server.pid())).containsExactly(WWW_DATA);
        }
    }

    @Test
    void aReloadHasTheUserToo() throws Exception {
        try (LoomgateProcess server = start(AS_ROOT, "--http", "127.0.0.1:0", "--uid", "www-data")) {
            String port = server.await(HTTP).group(1);
            server.signal("HUP").await(Pattern.compile("generation 2 serves"));

            assertThat(answer(at(Integer.parseInt(port)))).startsWith("33 33");
            assertThat(idsOfAll(server.pid())).containsExactly(WWW_DATA);
        }
    }

    @Test
    void aJavaApplicationIsLoadedAsTheUser() throws Exception {
        Path source = Files.writeString(directory.resolve("Who.java"), """
                import dev.loomgate.gateway.*;
                import java.nio.file.*;
                public class Who implements Application {
                    private static final String LOADED = owner();
                    private static String owner() {
                        try {
                            Path file = Files.createTempFile("who", "");
                            String owner = Files.getOwner(file).getName();
                            Files.delete(file);
                            return owner;
                        } catch (java.io.IOException e) {
                            return e.toString();
                        }
                    }
                    @Override
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                        return Body.text(LOADED);
                    }
                }
                """);
        Installation.openTo(source);
        try (LoomgateProcess server = LoomgateProcess.launch(
                installation, AS_ROOT, directory, "--app", "Who.java", "--http", "127.0.0.1:0", "--uid", "daemon")) {
            String port = server.await(HTTP).group(1);

            assertThat(answer(at(Integer.parseInt(port)))).isEqualTo("daemon");
            assertThat(ids(server.pid())).containsExactly("1 1 [1] 0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--uid nosuchuser, there is no user 'nosuchuser' (--uid)",
        "--gid nosuchgroup, there is no group 'nosuchgroup' (--gid)",
        "--uid www-data --add-gid nosuchgroup, there is no group 'nosuchgroup' (--add-gid)",
        "--uid 47110, 'the system knows no user 47110, and so no group of it: say which group (--gid)'",
        "--logto /nonexistent/log, can't write the log to /nonexistent/log (--logto): open: No such file or directory",
        "--pidfile /nonexistent/pid, can't write the process id (--pidfile): /nonexistent/pid: no such file or directory",
        "--safe-pidfile /proc, can't write the process id (--safe-pidfile): /proc: Is a directory",
        "--pidfile2 /nonexistent/pid, can't write the process id (--pidfile2): /nonexistent/pid: no such file or directory",
        "--chdir /nonexistent, there is no directory /nonexistent (--chdir)"
    })
    void aWrongNameIsOneLineAndNothingIsBound(String args, String message) throws Exception {
        Path socket = directory.resolve("s");
        List<String> all = new ArrayList<>(List.of("--http", socket.toString()));
        all.addAll(List.of(args.split(" ", -1)));
        try (LoomgateProcess server = start(AS_ROOT, all.toArray(String[]::new))) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err()).isEqualTo("loomgate: " + message + "\n");
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void aUserWhoCantReadTheServerIsToldBeforeTheProgramRuns() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Installation hidden = Installation.in(closed);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        try (LoomgateProcess server = LoomgateProcess.launch(
                hidden, AS_ROOT, directory, "-w", "who", "--http", "127.0.0.1:0", "--uid", "www-data")) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err())
                    .contains("loomgate: www-data can't read " + closed)
                    .contains("install server and JDK where every user may read them");
        }
    }

    @Test
    void theBackgroundIsToldFromTheTerminal() throws Exception {
        try (LoomgateProcess first = start(
                AS_ROOT,
                "--http",
                "127.0.0.1:0",
                "--uid",
                "www-data",
                "--daemonize",
                "log",
                "--logfile-chown",
                "--safe-pidfile",
                "pid",
                "--procname-prefix-spaced",
                "shop")) {
            assertThat(first.status()).isZero();
            Matcher port = HTTP.matcher(first.err());
            assertThat(port.find()).as(first.err()).isTrue();
            long pid = Long.parseLong(log("pid").strip());
            try {
                assertThat(answer(at(Integer.parseInt(port.group(1))))).isEqualTo("33 33 None");
                assertThat(log("log")).contains("runs as user www-data").contains("http://127.0.0.1:" + port.group(1));
                assertThat(owner("log")).isEqualTo("33:33");
                assertThat(session(pid)).isEqualTo(pid);
                assertThat(title(pid)).isEqualTo("shop loomgate master");
                assertThat(titles(pid))
                        .contains("shop loomgate zygote", "shop loomgate worker 1", "shop loomgate worker 2");

                Files.move(directory.resolve("log"), directory.resolve("log.1"));
                Files.createFile(directory.resolve("log"));
                Files.setOwner(
                        directory.resolve("log"),
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName("www-data"));
                Processes.signal(pid, "USR2");
                Eventually.await("a line in the new log", () -> log("log").contains("SIGUSR2: the log is open again"));
            } finally {
                try (LoomgateProcess stop = start(AS_ROOT, "--stop", "pid")) {
                    assertThat(stop.status()).isZero();
                }
            }
            Eventually.await("the end", () -> !Processes.exists(pid));
            assertThat(log("log")).contains("stopping on SIGTERM").contains("stopped");
        }
    }

    @Test
    void aStartInTheBackgroundThatFailsHasItsStatusAndItsReason() throws Exception {
        try (LoomgateProcess first = LoomgateProcess.launch(
                installation,
                AS_ROOT,
                directory,
                "-w",
                "nosuchmodule",
                "--need-app",
                "--python",
                Python.DEBIAN,
                "--http",
                "127.0.0.1:0",
                "--daemonize",
                "log")) {
            assertThat(first.status()).isEqualTo(22);
            assertThat(first.err()).contains("there is no module 'nosuchmodule' (-w)");
            assertThat(log("log")).contains("there is no module 'nosuchmodule' (-w)");
        }
    }

    @Test
    void aServerIsReloadedByTheFileWithItsProcessIdAndItsLogOpenedAgain() throws Exception {
        try (LoomgateProcess server =
                start(AS_ROOT, "--http", "127.0.0.1:0", "--pidfile", "pid", "--logto", "log", "--log-reopen")) {
            awaitLog(server, "log", HTTP);
            Files.move(directory.resolve("log"), directory.resolve("log.1"));
            try (LoomgateProcess reload =
                    LoomgateProcess.launch(installation, List.of(), directory, "--reload", "pid")) {
                assertThat(reload.status()).isZero();
            }
            awaitLog(server, "log", Pattern.compile("generation 2 serves"));
            assertThat(log("log")).contains("--log-reopen: the log is open again");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "none, can't read the process id: %s: no such file or directory",
        "empty, %s has no process id in it",
        "group, %s has no process id in it"
    })
    void whatIsNoServersProcessIdIsNotSignalled(String name, String message) throws Exception {
        Files.createFile(directory.resolve("empty"));
        Files.writeString(directory.resolve("group"), "-1\n");
        try (LoomgateProcess stop = LoomgateProcess.launch(installation, List.of(), directory, "--stop", name)) {
            assertThat(stop.status()).isEqualTo(1);
            assertThat(stop.err()).isEqualTo("loomgate: " + message.formatted(directory.resolve(name)) + "\n");
        }
    }

    @Test
    void aSwitchForTheLogsNameIsWarnedOf() throws Exception {
        try (LoomgateProcess first = start(AS_ROOT, "--http", "nohost.invalid:1", "--daemonize", "true")) {
            assertThat(first.status()).isEqualTo(1);
            assertThat(first.err())
                    .contains("--daemonize: the log goes to a file of that name, " + directory.resolve("true"))
                    .contains("the host nohost.invalid is not known");
        }
    }

    @Test
    void theLogGoesOnInANewFileWhenItIsLongOrAFileIsTouched() throws Exception {
        Path touched = Files.createFile(directory.resolve("touched"));
        try (LoomgateProcess server = start(
                AS_ROOT,
                "--http",
                "127.0.0.1:0",
                "--logto",
                "log",
                "--logfile-chmod",
                "604",
                "--log-backupname",
                "old",
                "--touch-logrotate",
                touched.toString())) {
            awaitLog(server, "log", HTTP);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("log"))))
                    .isEqualTo("rw----r--");
            Eventually.await("the log's file to be renamed", () -> {
                Files.setLastModifiedTime(
                        touched, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis()));
                return log("log").contains("--touch-logrotate, the old one is " + directory.resolve("old"));
            });
            assertThat(log("old")).contains("engine ");
        }
    }

    private static long session(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
    }

    private static String title(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .strip();
    }

    private static Set<String> titles(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .map(child -> {
                    try {
                        return title(child.pid());
                    } catch (IOException e) {
                        return "gone";
                    }
                })
                .collect(Collectors.toSet());
    }

    @Test
    void ctlOnTheSocketOfAnotherUserIsTold() throws Exception {
        Path socket = directory.resolve("control.sock");
        try (LoomgateProcess server = start(AS_ROOT, "--http", "127.0.0.1:0", "--control", "control.sock")) {
            Eventually.await("the control socket", () -> !server.isAlive() || Files.exists(socket));
            try (LoomgateProcess ctl = LoomgateProcess.launch(
                    installation, AS_NOBODY, directory, "ctl", "--control", socket.toString(), "status")) {
                assertThat(ctl.status()).isEqualTo(1);
                assertThat(ctl.out()).isEmpty();
                assertThat(ctl.err())
                        .isEqualTo("loomgate ctl: %s: permission denied: only the user that the server runs as may"
                                        .formatted(socket)
                                + " control it\n");
            }
        }
    }
}
