package dev.loomgate.python.zygote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZygoteTest {
    @TempDir
    Path directory;

    @Test
    void unpackedPackageBesideTheJarFileIsTakenInItsPlace() throws Exception {
        Path jar = Files.createFile(directory.resolve("loomgate-python.jar"));
        assertThat(Zygote.packageLocation(jar)).isEqualTo(jar);

        Path python = Files.createDirectory(directory.resolve("python"));
        assertThat(Zygote.packageLocation(jar)).isEqualTo(jar);

        Files.createDirectory(python.resolve("loomgate_worker"));
        assertThat(Zygote.packageLocation(jar)).isEqualTo(python);
    }

    @Test
    void directoryOfClassesHasThePackageItself() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Files.createDirectories(directory.resolve("python/loomgate_worker"));

        assertThat(Zygote.packageLocation(classes)).isEqualTo(classes);
    }
}
