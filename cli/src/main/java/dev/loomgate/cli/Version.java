package dev.loomgate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/// Which Loomgate on which JDK: `loomgate 0.1.0 (JDK 25.0.3)`.
final class Version implements IVersionProvider {
    static String line() {
        try (InputStream version = Version.class.getResourceAsStream("version.txt")) {
            String number =
                    version == null ? "(unknown)" : new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
            return "loomgate " + number + " (JDK " + System.getProperty("java.version") + ")";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
