package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.peers.LogLines;
import org.junit.jupiter.api.Test;

class ClientFaultsTest {
    @Test
    void aFloodOfGarbageDoesntFillTheLog() throws Exception {
        try (LogLines log = new LogLines();
                Server server = Setup.DEFAULT.http(Apps.LINE)) {
            for (int i = 0; i < 700; i++) {
                try (HttpPeer peer = HttpPeer.to(server)) {
                    assertThat(peer.send("\0").answer().status()).isEqualTo(400);
                }
            }
            log.await("more lines about clients' faults are left out");
            assertThat(log.lines()).hasSizeLessThan(650);
        }
    }
}
