package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A site that is run in surroundings of its own, by uWSGI or by the program under test, and what is to be seen of it
/// from outside: what listens, what answers, who runs it, whose its files are, how it ends. As root, in namespaces; see
/// `observed_site.py`.
final class ObservedSite {
    /// As a service manager has it.
    private static final String SERVICE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Path directory;
    private final List<String> packages = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final Map<String, String> owned = new LinkedHashMap<>();
    private final Map<String, String> asked = new LinkedHashMap<>();
    private final List<String> seen = new ArrayList<>();
    private final List<String> awaited = new ArrayList<>();
    private @Nullable String program;
    private @Nullable String user;
    private String stop = "INT";
    private final Map<String, String> differences = new LinkedHashMap<>();
    private boolean hasFiles;

    /// @param directory empty, for its files
    ObservedSite(Path directory) {
        this.directory = directory;
    }

    /// A Debian package is unpacked.
    ObservedSite packaged(Path archive) {
        packages.add(archive.toAbsolutePath().toString());
        return this;
    }

    /// There is a file.
    ///
    /// @param path below /usr, /etc, /var, /run, /srv or /home
    ObservedSite file(String path, String text) throws IOException {
        Path file = directory.resolve("files").resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        hasFiles = true;
        return this;
    }

    ObservedSite user(String name) {
        users.add(name);
        return this;
    }

    /// A directory or file, which belongs to somebody.
    ObservedSite owned(String path, String by) {
        owned.put(path, by);
        return this;
    }

    /// Where the program goes that answers what it finds.
    ObservedSite program(String path) {
        program = path;
        return this;
    }

    /// Who starts the server, if that isn't root.
    ObservedSite startedBy(String name) {
        user = name;
        return this;
    }

    /// @param protocol `http` or `uwsgi`
    ObservedSite asked(String address, String protocol) {
        asked.put(address, protocol);
        if (address.startsWith("/")) {
            seen.add(address);
        }
        return this;
    }

    /// A path whose owner and mode are told.
    ObservedSite seen(String path) {
        seen.add(path);
        return this;
    }

    /// A file that the site makes: what it has in it is told, too.
    ObservedSite awaited(String path) {
        seen.add(path);
        awaited.add(path);
        return this;
    }

    /// What is another thing here, and documented so.
    ///
    /// @param there uWSGI's text in what is to be seen
    ObservedSite differs(String there, String here) {
        differences.put(there, here);
        return this;
    }

    /// @param signal `TERM`
    ObservedSite stoppedBy(String signal) {
        stop = signal;
        return this;
    }

    private List<String> command(String name) throws IOException {
        Path script = directory.resolve("observed_site.py");
        if (!Files.exists(script)) {
            try (InputStream source =
                    Objects.requireNonNull(ObservedSite.class.getResourceAsStream("observed_site.py"))) {
                Files.copy(source, script);
            }
        }
        Map<String, @Nullable Object> specification = new LinkedHashMap<>();
        specification.put(
                "scratch",
                Files.createDirectories(directory.resolve("scratch-" + name)).toString());
        specification.put("packages", packages);
        specification.put("files", hasFiles ? directory.resolve("files").toString() : null);
        specification.put("users", users);
        specification.put("owned", owned);
        specification.put("program", program);
        specification.put("as", user);
        specification.put("asked", asked);
        specification.put("seen", seen);
        specification.put("awaited", awaited);
        specification.put("stop", stop);
        Path file = Files.writeString(
                directory.resolve(name + ".json"), JsonMapper.builder().build().writeValueAsString(specification));
        Installation.openTo(directory);
        return new ArrayList<>(List.of(
                "env",
                "PATH=" + SERVICE_PATH,
                "unshare",
                "--mount",
                "--pid",
                "--net",
                "--fork",
                "--kill-child",
                "--mount-proc",
                Python.DEBIAN,
                script.toString(),
                file.toString()));
    }

    /// Runs it by real uWSGI, and here with the same arguments, at the same time: what is to be seen is the
    /// same, apart from the differences.
    ///
    /// @return what is to be seen
    String assertTheSame(Installation installation, String... arguments) throws Exception {
        List<String> command = command("uwsgi");
        command.add("uwsgi");
        command.addAll(Arrays.asList(arguments));
        Process uwsgi = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("uwsgi.txt").toFile())
                .redirectOutput(directory.resolve("uwsgi.found").toFile())
                .start();
        try {
            String ours = here(installation, arguments);
            assertThat(uwsgi.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(uwsgi.exitValue()).as(() -> text("uwsgi.txt")).isZero();
            String theirs = text("uwsgi.found");
            for (Map.Entry<String, String> each : differences.entrySet()) {
                assertThat(theirs).contains(each.getKey());
                theirs = theirs.replace(each.getKey(), each.getValue());
            }
            assertThat(ours).isEqualTo(theirs);
            return ours;
        } finally {
            uwsgi.destroyForcibly();
        }
    }

    private String text(String file) {
        try {
            return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String here(Installation installation, String... arguments) throws Exception {
        try (LoomgateProcess process =
                LoomgateProcess.launch(installation, command("loomgate"), directory, arguments)) {
            assertThat(process.status()).as(process.err()).isZero();
            return process.out();
        }
    }
}
