package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RefusedPeersTest {
    private static final long START_NANOS = -5;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final RefusedPeers refused = new RefusedPeers();

    @Test
    void peerIsNewsOnceAMinute() throws UnknownHostException {
        InetAddress peer = InetAddress.getByName("192.0.2.1");
        assertThat(refused.isNews(peer, START_NANOS)).isTrue();
        assertThat(refused.isNews(peer, START_NANOS + 1)).isFalse();
        assertThat(refused.isNews(peer, START_NANOS + MINUTE_NANOS - 1)).isFalse();
        assertThat(refused.isNews(peer, START_NANOS + MINUTE_NANOS)).isTrue();
        assertThat(refused.isNews(peer, START_NANOS + MINUTE_NANOS + 1)).isFalse();
    }

    @Test
    void eachNetworkIsNewsByItself() throws UnknownHostException {
        assertThat(refused.isNews(InetAddress.getByName("192.0.2.1"), START_NANOS))
                .isTrue();
        assertThat(refused.isNews(InetAddress.getByName("192.0.3.1"), START_NANOS))
                .isTrue();
        assertThat(refused.isNews(InetAddress.getByName("2001:db8:0:1::1"), START_NANOS))
                .isTrue();
        assertThat(refused.isNews(InetAddress.getByName("2001:db8:0:2::1"), START_NANOS))
                .isTrue();
    }

    @Test
    void whoHasManyAddressesIsNewsOnce() throws UnknownHostException {
        assertThat(refused.isNews(InetAddress.getByName("192.0.2.1"), START_NANOS))
                .isTrue();
        assertThat(refused.isNews(InetAddress.getByName("192.0.2.2"), START_NANOS))
                .isFalse();
        assertThat(refused.isNews(InetAddress.getByName("2001:db8::1"), START_NANOS))
                .isTrue();
        assertThat(refused.isNews(InetAddress.getByName("2001:db8::ffff:1"), START_NANOS))
                .isFalse();
    }

    @Test
    void onlyTheLatestThousandAreRemembered() throws UnknownHostException {
        for (int i = 0; i < 1024; i++) {
            assertThat(refused.isNews(peer(i), START_NANOS + i)).isTrue();
        }
        assertThat(refused.isNews(peer(0), START_NANOS + 1024)).isFalse();
        assertThat(refused.isNews(peer(1024), START_NANOS + 1024)).isTrue();
        assertThat(refused.isNews(peer(1), START_NANOS + 1025)).isFalse();
        assertThat(refused.isNews(peer(0), START_NANOS + 1026)).isTrue();
    }

    private static InetAddress peer(int i) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (i >> 8), (byte) i, 1});
    }
}
