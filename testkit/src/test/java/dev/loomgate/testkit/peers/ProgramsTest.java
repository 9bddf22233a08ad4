package dev.loomgate.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    @Test
    void theArticlesProgramIsThere(@TempDir Path directory) throws IOException {
        Path copy = Programs.copy("article.py", directory.resolve("app.py"));

        assertThat(Files.readString(copy))
                .isEqualTo(Programs.text("article.py"))
                .contains("def application(");
    }

    @Test
    void anotherNameIsAnError() {
        assertThatThrownBy(() -> Programs.text("nowhere.py"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("nowhere.py");
    }
}
