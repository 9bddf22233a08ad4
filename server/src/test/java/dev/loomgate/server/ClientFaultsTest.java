package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import org.junit.jupiter.api.Test;

class ClientFaultsTest {
    @Test
    void aFloodOfGarbageDoesntFillTheLog() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(Apps.LINE)) {
            for (int i = 0; i < 700; i++) {
                try (HttpPeer peer = Peers.http(server)) {
                    assertThat(peer.send("\0").answer().status()).isEqualTo(400);
                }
            }
            log.await("more lines about clients' faults are left out");
            assertThat(log.lines()).hasSizeLessThan(650);
        }
    }
}
