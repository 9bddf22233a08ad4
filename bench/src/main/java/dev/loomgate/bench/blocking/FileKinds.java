package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Kinds of the file system.
final class FileKinds {
    private static final int MEGABYTES = 200;

    private FileKinds() {}

    private static Path large(Place place) throws IOException {
        Path file = place.folder().resolve("large");
        if (!Files.exists(file)) {
            writeTo(file);
        }
        return file;
    }

    private static void writeTo(Path file) throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < MEGABYTES; i++) {
                out.write(megabyte);
            }
        }
    }

    private static void read(Path file) throws IOException {
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(file)) {
            while (in.read(buffer) >= 0) {}
        }
    }

    static void readCold(Place place, Environ environ) throws IOException, InterruptedException {
        Path file = large(place);
        // Writes it back, and has the kernel forget it.
        new ProcessBuilder(
                        "dd",
                        "if=" + file,
                        "of=" + file,
                        "conv=notrunc,fdatasync",
                        "oflag=nocache",
                        "count=0",
                        "status=none")
                .start()
                .waitFor();
        read(file);
    }

    static void readWarm(Place place, Environ environ) throws IOException {
        Path file = large(place);
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        while (System.nanoTime() - end < 0) {
            read(file);
        }
    }

    static void readAll(Place place, Environ environ) throws IOException {
        if (Files.readAllBytes(large(place)).length != MEGABYTES << 20) {
            throw new IOException("another length");
        }
    }

    static void write(Place place, Environ environ) throws IOException {
        writeTo(place.folder().resolve("written"));
    }

    static void walk(Place place, Environ environ) throws IOException {
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        while (System.nanoTime() - end < 0) {
            try (Stream<Path> found = Files.walk(Path.of(System.getProperty("java.home")))) {
                found.forEach(_ -> {});
            }
        }
    }

    static void fifo(Place place, Environ environ) throws IOException, InterruptedException {
        Path fifo = place.folder().resolve("fifo-" + System.nanoTime());
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        Thread.ofPlatform().daemon().start(() -> {
            Waits.rest();
            try {
                Files.writeString(fifo, "x");
            } catch (IOException e) {
                // The reader waits on, and the harness says so.
            }
        });
        Files.readString(fifo);
        Files.delete(fifo);
    }
}
