package dev.loomgate.cli.config.expansion;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;

/// The magic variables that are no file's. Each is looked up when it is asked for: most files ask for none.
final class SystemMagic {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path SELF = Path.of("/proc/self");

    private final Path directory;
    private final String version;

    SystemMagic(Path directory, String version) {
        this.directory = directory;
        this.version = version;
    }

    String value(char letter) {
        return switch (letter) {
            case '%' -> "%";
            case '(' -> "%(";
            case '[' -> "\033";
            case 'v' -> directory.toString();
            case 'V' -> version;
            case 'h' -> hostName();
            case 't' -> Long.toString(Instant.now().getEpochSecond());
            case 'T' -> Long.toString(System.currentTimeMillis() * 1000);
            case 'k' -> Integer.toString(Runtime.getRuntime().availableProcessors());
            case 'u' -> attribute("unix:uid");
            case 'U' -> System.getProperty("user.name", "");
            case 'g' -> attribute("unix:gid");
            case 'G' -> group();
            case 'b' -> System.getProperty("loomgate.program", "loomgate");
            default -> "";
        };
    }

    /// The host's name, as the kernel has it.
    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    private static String attribute(String name) {
        try {
            return String.valueOf(Files.getAttribute(SELF, name));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static String group() {
        try {
            return Files.readAttributes(SELF, PosixFileAttributes.class).group().getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
