package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientFaultsTest {
    private static final String LEFT_OUT = "more lines about clients' faults are left out";

    @Test
    void aFloodOfGarbageDoesntFillTheLog() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(Apps.LINE)) {
            // On a slow machine they take long enough for more lines to be allowed: 50 a second, and one of those left
            // out.
            long before = System.nanoTime();
            int sent = 0;
            while (sent < 700 || (sent < 20_000 && log.lines().stream().noneMatch(line -> line.contains(LEFT_OUT)))) {
                try (HttpPeer peer = Peers.http(server)) {
                    assertThat(peer.send("\0").answer().status()).isEqualTo(400);
                }
                sent++;
            }
            log.await(LEFT_OUT);
            int seconds = (int) Duration.ofNanos(System.nanoTime() - before).toSeconds();
            assertThat(log.lines()).hasSizeLessThan(Math.min(sent, 500 + 51 * (seconds + 2)));
        }
    }
}
