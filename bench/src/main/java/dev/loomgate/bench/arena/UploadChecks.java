package dev.loomgate.bench.arena;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// The checks of `upload`: a small body, one of a length that nobody knows before, and the profile's
/// four sizes.
final class UploadChecks {
    static final List<Integer> SIZES = List.of(500 * 1024, 2 << 20, 10 << 20, 20 << 20);

    private final Places places;
    private final Faults faults;

    UploadChecks(Places places, Faults faults) {
        this.places = places;
        this.faults = faults;
    }

    void run() throws IOException, InterruptedException {
        Path file = Files.createTempFile("loomgate-arena", ".upload");
        try {
            send(file, "Hello, HttpArena!".getBytes(StandardCharsets.US_ASCII));
            send(file, new byte[ThreadLocalRandom.current().nextInt(18, 1000)]);
            Random random = new Random();
            for (int size : SIZES) {
                byte[] content = new byte[size];
                random.nextBytes(content);
                send(file, content);
            }
        } finally {
            Files.delete(file);
        }
    }

    private void send(Path file, byte[] content) throws IOException, InterruptedException {
        Files.write(file, content);
        Curl.Reply reply = Curl.ask(
                places.http().url("/upload"),
                "-H",
                "Content-Type: application/octet-stream",
                "--data-binary",
                "@" + file);
        faults.expect("POST /upload", Integer.toString(content.length), reply.text());
    }
}
