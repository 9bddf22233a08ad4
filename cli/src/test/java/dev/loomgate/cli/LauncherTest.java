package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The launcher itself, `./loomgate`, in a project that is a stage set: Maven and the JDK are scripts that write down
/// how they are called.
@Timeout(180)
class LauncherTest {
    private static final List<String> MODULES = List.of(
            "gateway", "loop", "server", "toolkit", "python", "examples", "security", "redis", "jwsgi", "ring", "cli");
    private static final List<String> TOOLS = List.of(
            "bash", "readlink", "dirname", "find", "sed", "mkdir", "flock", "touch", "cp", "mv", "rm", "cat", "sleep");

    private static final String MAVEN = """
            #!/bin/bash
            echo "$@" >> ROOT/maven-calls
            if [[ -e ROOT/broken ]]; then echo "cannot compile"; exit 1; fi
            sleep 0.3
            mkdir -p ROOT/cli/target/launch/lib
            touch ROOT/cli/target/launch/loomgate-cli-1.jar ROOT/cli/target/launch/lib/picocli.jar
            """;
    private static final String JAVA = """
            #!/bin/bash
            if [[ "$*" == *AOTCacheOutput* ]]; then exit 1; fi
            echo "pid $$"
            printf '%s\\n' "$@"
            """;

    @TempDir
    private Path root;

    private record Ended(int status, String out, String err, long pid) {}

    @BeforeEach
    void setTheStage() throws IOException {
        Files.copy(Path.of("..", "loomgate"), root.resolve("loomgate"));
        Files.writeString(root.resolve("jvm.options"), "-Dset=stage\n");
        Files.createFile(root.resolve("pom.xml"));
        Files.createFile(Files.createDirectory(root.resolve("bom")).resolve("pom.xml"));
        for (String module : MODULES) {
            Files.createDirectories(root.resolve(module).resolve("src/main/java"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
            Files.createFile(root.resolve(module).resolve("src/main/java/Some.java"));
        }
        script("bin/mvn", MAVEN.replace("ROOT", root.toString()));
        script("jdk/bin/java", JAVA);
        script("jdk/bin/javac", "#!/bin/bash\n");
        Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        for (String tool : TOOLS) {
            script("bin/" + tool, "#!/bin/bash\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        makeOlderThanAnyBuild();
    }

    private void script(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void makeOlderThanAnyBuild() throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    private ProcessBuilder launcher(String... args) {
        List<String> command =
                new ArrayList<>(List.of("/bin/bash", root.resolve("loomgate").toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", root.resolve("bin").toString(),
                        "JAVA_HOME", root.resolve("jdk").toString()));
        return builder;
    }

    private static Ended end(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, err, process.pid());
    }

    private Ended run(String... args) throws IOException, InterruptedException {
        return end(launcher(args));
    }

    private List<String> mavenCalls() throws IOException {
        return Files.exists(root.resolve("maven-calls")) ? Files.readAllLines(root.resolve("maven-calls")) : List.of();
    }

    @Test
    void theJvmGetsAUtf8LocaleAndTheCallersIsHandedOn() throws Exception {
        script("jdk/bin/java", JAVA + "echo \"locale $LC_ALL caller's ${LOOMGATE_LC_ALL-unset}.\"\n");
        for (String locale : List.of("C", "POSIX", "de_DE.ISO-8859-1", "")) {
            ProcessBuilder builder = launcher("demo");
            if (!locale.isEmpty()) {
                builder.environment().put("LC_ALL", locale);
            }
            assertThat(end(builder).out()).contains("locale C.UTF-8 caller's " + locale + ".\n");
        }
    }

    @Test
    void hotSpotLeavesSigusr2ToTheLog() throws Exception {
        script("jdk/bin/java", JAVA + "echo \"signal ${_JAVA_SR_SIGNUM-unset}.\"\n");

        assertThat(run("demo").out()).contains("signal 60.\n");
    }

    @Test
    void firstStartBuildsAndSaysSoAndTheSecondDoesNot() throws Exception {
        Ended first = run("demo");
        Ended second = run("demo");

        assertThat(first.status()).isZero();
        assertThat(first.err()).isEqualTo("building Loomgate (first run, this takes a minute) ...\n");
        assertThat(second.status()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(mavenCalls()).containsExactly("-B -q -P quick -Dmaven.test.skip=true -pl cli -am package");
    }

    @Test
    void javaTakesTheLaunchersPlaceWithAllArgumentsAsTheyAre() throws Exception {
        Ended ended = run("--app", "My App.java", "--http", ":80", "*");

        String app = root.resolve("cli/target/launch/loomgate").toString();
        assertThat(ended.out().lines())
                .containsExactly(
                        "pid " + ended.pid(),
                        "@" + root.resolve("jvm.options"),
                        "-Dloomgate.compiled=" + app + "/compiled",
                        "-Dloomgate.program=" + root.resolve("loomgate"),
                        "-cp",
                        app + "/loomgate-cli-1.jar:" + app + "/picocli.jar",
                        "dev.loomgate.cli.Main",
                        "--app",
                        "My App.java",
                        "--http",
                        ":80",
                        "*");
    }

    @Test
    void flagsOfTheEnvironmentComeAfterTheFiles() throws Exception {
        ProcessBuilder launcher = launcher("demo");
        launcher.environment().put("LOOMGATE_JAVA_OPTS", "-Xmx64m  -Dx=y");

        assertThat(end(launcher).out())
                .containsPattern(
                        "jvm\\.options\n-Dloomgate\\.compiled=.*\n-Dloomgate\\.program=.*\n-Xmx64m\n-Dx=y\n-cp\n");
    }

    @Test
    void archiveIsUsedWhereThereIsOne() throws Exception {
        run("demo");
        Path archive = Files.createFile(root.resolve("cli/target/launch/loomgate/loomgate.aot"));

        assertThat(run("demo").out()).contains("jvm.options\n-XX:AOTCache=" + archive + "\n-Xlog:aot=off\n");
    }

    @Test
    void buildIsPreparedBeforeTheRehearsal() throws Exception {
        script(
                "jdk/bin/java",
                "#!/bin/bash\necho \"$*\" >> " + root + "/java-calls\n" + JAVA.substring(JAVA.indexOf('\n') + 1));
        run("demo");

        String app = root.resolve("cli/target/launch/loomgate").toString();
        List<String> calls = Files.readAllLines(root.resolve("java-calls"));
        assertThat(calls).hasSize(3);
        assertThat(calls.getFirst())
                .isEqualTo(root.resolve("cli/src/main/rehearsal/Preparation.java") + " " + app + ".new");
        assertThat(calls.get(1)).contains("AOTCacheOutput");
        assertThat(calls.getLast()).endsWith("dev.loomgate.cli.Main demo");
    }

    @Test
    void packagedDirectoryRunsWithoutSourcesAndMaven() throws Exception {
        Files.writeString(root.resolve("LICENSE"), "");
        Files.writeString(root.resolve("NOTICE"), "");
        Files.createDirectories(root.resolve("cli/src/main/rehearsal"));
        stagePackaging();
        Path packaged = root.resolve("opt/loomgate");

        Ended ended = run("package", packaged.toString());

        // Its archive is made where it is, which fails on this stage.
        assertThat(ended.err()).contains("no archive was made").contains(packaged + "/cli/target/launch/rehearsal.log");
        Files.delete(root.resolve("bin/mvn"));
        ProcessBuilder launcher = launcher("demo");
        launcher.command().set(1, packaged.resolve("loomgate").toString());
        Ended demo = end(launcher);
        assertThat(demo.err()).isEmpty();
        assertThat(demo.out())
                .contains("@" + packaged.resolve("jvm.options") + "\n")
                .endsWith("\ndemo\n");
        assertThat(mavenCalls()).hasSize(1);
    }

    private void stagePackaging() throws IOException {
        Files.createDirectories(root.resolve("packaging"));
        Files.copy(Path.of("..", "packaging", "package"), root.resolve("packaging/package"));
    }

    @Test
    void packagedDirectoryWithJavaUsesIt() throws Exception {
        packagedDirectoryRunsWithoutSourcesAndMaven();
        Path packaged = root.resolve("opt/loomgate");
        script("opt/loomgate/java/bin/java", "#!/bin/bash\necho its own: $*\n");
        ProcessBuilder launcher = launcher("demo");
        launcher.command().set(1, packaged.resolve("loomgate").toString());

        assertThat(end(launcher).out()).startsWith("its own: ");
    }

    @Test
    void aPackageIsNotPackagedAgain() throws Exception {
        packagedDirectoryRunsWithoutSourcesAndMaven();
        ProcessBuilder launcher = launcher("package", "elsewhere");
        launcher.command().set(1, root.resolve("opt/loomgate/loomgate").toString());

        Ended ended = end(launcher);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("this is a package already");
    }

    @Test
    void packagedDirectoryMustBeNew() throws Exception {
        Files.createDirectories(root.resolve("there"));
        stagePackaging();

        for (String[] command :
                new String[][] {{"package"}, {"package", root.resolve("there").toString()}}) {
            Ended ended = run(command);
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err())
                    .endsWith("loomgate: needs a directory that isn't there yet: ./loomgate package DIRECTORY\n");
        }
    }

    @Test
    void rehearsalMakesTheArchiveAgain() throws Exception {
        run("demo");
        Path app = root.resolve("cli/target/launch/loomgate");
        Files.writeString(app.resolve("loomgate.aot"), "of another JDK");
        script("jdk/bin/java", "#!/bin/bash\necho \"$@\" >> " + root + "/java-calls\nexit 1\n");

        Ended ended = run("rehearse");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(app.resolve("loomgate.aot")).doesNotExist();
        assertThat(Files.readString(root.resolve("java-calls")))
                .contains("-XX:AOTCacheOutput=" + app.resolve("new.aot"))
                .doesNotContain("Preparation.java");
    }

    @Test
    void changedSourceIsBuilt() throws Exception {
        run("demo");
        Files.writeString(root.resolve("loop/src/main/java/Some.java"), "changed");

        assertThat(run("demo").err()).isEqualTo("building Loomgate (sources have changed) ...\n");
        assertThat(mavenCalls()).hasSize(2);
        assertThat(run("demo").err()).isEmpty();
    }

    @Test
    void deletedSourceIsBuilt() throws Exception {
        run("demo");
        Files.delete(root.resolve("cli/src/main/java/Some.java"));

        assertThat(run("demo").err()).isEqualTo("building Loomgate (sources have changed) ...\n");
    }

    @Test
    void concurrentStartsBuildOnce() throws Exception {
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starts.add(launcher("demo").redirectErrorStream(true).start());
        }
        for (Process start : starts) {
            String out = new String(start.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(start.waitFor()).as(out).isZero();
            assertThat(out).contains("dev.loomgate.cli.Main\ndemo\n");
        }

        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void failedBuildShowsItsOutputAndIsTriedAgain() throws Exception {
        Files.createFile(root.resolve("broken"));

        Ended ended = run("demo");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("\ncannot compile\nloomgate: the build failed; its output is above, and in ");
        Files.delete(root.resolve("broken"));
        assertThat(run("demo").status()).isZero();
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        Files.delete(root.resolve("bin/mvn"));

        Ended ended = run("demo");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("loomgate: needs Maven to build itself: apt-get install maven\n");
    }

    @Test
    void worksThroughASymbolicLinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("bin/link"), root.resolve("loomgate"));
        ProcessBuilder launcher = launcher("demo").directory(root.resolve("jdk").toFile());
        launcher.command().set(1, link.toString());

        assertThat(end(launcher).out()).contains("@" + root.resolve("jvm.options") + "\n");
    }
}
