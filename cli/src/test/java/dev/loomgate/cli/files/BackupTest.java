package dev.loomgate.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @TempDir
    private Path directory;

    @Test
    void severalOfASecondReplaceNoneOfEachOther() throws Exception {
        Path log = directory.resolve("log");
        List<Path> backups = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Files.writeString(log, "part " + i);
            backups.add(Backup.of(log, null));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(backups.get(i)).hasContent("part " + i);
        }
        assertThat(log).doesNotExist();
    }

    @Test
    void aBackupsNameIsTakenFromTheOneBefore() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "new");
        Path backup = Files.writeString(directory.resolve("old"), "old");
        assertThat(Backup.of(log, backup)).isEqualTo(backup).hasContent("new");
    }
}
