package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Maps and sets of the JDK have another order in each JVM, which must not be seen in a document.
@Tag("once")
class SameDocumentTest {
    /// Another start.
    static final class Start {
        private Start() {}

        public static void main(String[] args) throws IOException {
            System.out.write(Shop.openApi().document());
            System.out.flush();
        }
    }

    @Test
    @Timeout(60)
    void twoStartsMakeTheSameDocument() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Start.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String document = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(document).isNotEmpty().isEqualTo(new String(Shop.openApi().document(), StandardCharsets.UTF_8));
    }
}
