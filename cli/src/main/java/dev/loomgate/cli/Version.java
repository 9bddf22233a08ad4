package dev.loomgate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/// Which Loomgate on which JDK: `loomgate 0.1.0 (JDK 25.0.3)`.
final class Version implements IVersionProvider {
    static String line() {
        return "loomgate " + number() + " (JDK " + System.getProperty("java.version") + ")";
    }

    static String number() {
        try (InputStream version = Version.class.getResourceAsStream("version.txt")) {
            return version == null ? "(unknown)" : new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
