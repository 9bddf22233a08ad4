package dev.loomgate.cli.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledCacheTest {
    @TempDir
    Path directory;

    private Path kept;
    private Path library;
    private CompiledCache cache;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void makeLibrary() throws IOException {
        kept = directory.resolve("kept");
        cache = new CompiledCache(kept);
        library = Files.createDirectory(directory.resolve("library"));
    }

    @AfterEach
    void restoreContextClassLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private Path source(String text) throws IOException {
        return Files.writeString(directory.resolve("Hello.java"), """
                import dev.loomgate.gateway.*;
                class Hello implements Application {
                    static class Inner { final String text = "TEXT"; }
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of());
                        return Body.text(new Inner().text);
                    }
                }
                """.replace("TEXT", text));
    }

    private String answer(Path source) throws Exception {
        LoadedApplication loaded = new ApplicationLoader(new JavaSettings(List.of(library.toString())), "--app", cache)
                .load(source.toString());
        return loaded.application()
                .call(new Environ(), (status, headers, cause) -> {})
                .toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(kept)) {
            return files.sorted().toList();
        }
    }

    /// So that it shows whether it was compiled: a class file in the cache that says something else than the source.
    private void replaceWhatIsKeptBy(Path other) throws Exception {
        Path file = files().getFirst();
        CompiledCache elsewhere = new CompiledCache(directory.resolve("elsewhere"));
        String key = file.getFileName().toString().replace(".classes", "");
        elsewhere.keep(key, SourceFile.read(other, "--app").compile(ApplicationClassPath.of(List.of()), null));
        Files.copy(
                directory.resolve("elsewhere").resolve(file.getFileName()),
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void unchangedSourceIsNotCompiledAgain() throws Exception {
        assertThat(answer(source("first"))).contains("first");
        replaceWhatIsKeptBy(source("kept"));

        assertThat(answer(source("first"))).contains("kept");
        assertThat(files()).hasSize(1);
    }

    @Test
    void changedSourceIsCompiled() throws Exception {
        answer(source("first"));

        assertThat(answer(source("second"))).contains("second");
        assertThat(files()).hasSize(2);
    }

    @Test
    void changedClassPathMeansAnotherCompilation() throws Exception {
        answer(source("first"));
        Files.writeString(library.resolve("New.class"), "");
        answer(source("first"));
        Files.setLastModifiedTime(library.resolve("New.class"), FileTime.fromMillis(1_000));
        answer(source("first"));

        assertThat(files()).hasSize(3);
    }

    @Test
    void whatNoCompilerReadsChangesNothing() throws Exception {
        answer(source("first"));
        Files.writeString(Files.createDirectory(library.resolve("__pycache__")).resolve("site.cpython-311.pyc"), "");
        answer(source("first"));

        assertThat(files()).hasSize(1);
    }

    @Test
    void damagedFileIsCompiledAgain() throws Exception {
        answer(source("first"));
        byte[] file = Files.readAllBytes(files().getFirst());
        for (int length : new int[] {0, 10, 32, file.length - 1}) {
            Files.write(files().getFirst(), java.util.Arrays.copyOf(file, length));

            assertThat(answer(source("first"))).contains("first");
        }
        file[file.length - 5] ^= 1;
        Files.write(files().getFirst(), file);
        assertThat(answer(source("first"))).contains("first");
    }

    @Test
    void directoryThatCannotBeWrittenMeansThatAllIsCompiled() throws Exception {
        Files.writeString(kept, "no directory");

        assertThat(answer(source("first"))).contains("first");
        assertThat(answer(source("second"))).contains("second");
    }

    @Test
    void whatWasUsedLongestAgoGoes() throws Exception {
        CompiledClasses classes =
                SourceFile.read(source("one"), "--app").compile(ApplicationClassPath.of(List.of()), null);
        for (int i : IntStream.rangeClosed(1, CompiledCache.MOST_KEPT).toArray()) {
            cache.keep("key" + i, classes);
            Files.setLastModifiedTime(kept.resolve("key" + i + ".classes"), FileTime.fromMillis(i * 1_000L));
        }
        assertThat(cache.find("key1")).isPresent();
        cache.keep("another", classes);

        assertThat(cache.find("key1")).isPresent();
        assertThat(cache.find("key2")).isEmpty();
        assertThat(files()).hasSize(CompiledCache.MOST_KEPT);
    }
}
