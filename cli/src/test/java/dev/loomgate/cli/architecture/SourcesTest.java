package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What can only be seen in the sources, of all modules and their tests.
class SourcesTest {
    private static final Path ROOT = Path.of("..");
    private static final int MAX_FILE_BYTES = 25 * 1024;
    // In two halves, so that this file doesn't find itself.
    private static final Pattern SKIPS = Pattern.compile("@Dis" + "abled|\\bassum" + "e(True|False|That|ingThat)\\(");

    @Test
    void allModulesAreSeen() {
        assertThat(sources("src/main/java"))
                .map(file -> ROOT.relativize(file).getName(0).toString())
                .contains(
                        "gateway",
                        "loop",
                        "server",
                        "toolkit",
                        "python",
                        "examples",
                        "cli",
                        "bench",
                        "testkit",
                        "micrometer",
                        "opentelemetry",
                        "junit",
                        "openapi",
                        "templates",
                        "tracker",
                        "validation",
                        "servlet",
                        "jwsgi",
                        "ring",
                        "security",
                        "redis",
                        "postgresql");
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(sources("src/main/java")
                        .map(Path::getParent)
                        .filter(folder -> !folder.endsWith("java"))
                        .distinct())
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .isRegularFile()
                        .content()
                        .contains("///")
                        .doesNotContain("To be written"));
    }

    @Test
    void noFileIsTooLongToRead() {
        assertThat(sources("src"))
                .allSatisfy(file ->
                        assertThat(Files.size(file)).as("bytes of %s", file).isLessThanOrEqualTo(MAX_FILE_BYTES));
    }

    @Test
    void noTestIsSkipped() {
        assertThat(sources("src/test/java"))
                .allSatisfy(file ->
                        assertThat(Files.readString(file)).as("%s", file).doesNotContainPattern(SKIPS));
    }

    /// The Java sources below `folder` of every module.
    private static Stream<Path> sources(String folder) {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules
                    .map(module -> module.resolve(folder))
                    .filter(Files::isDirectory)
                    .map(SourcesTest::below)
                    .toList()
                    .stream()
                    .flatMap(List::stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
