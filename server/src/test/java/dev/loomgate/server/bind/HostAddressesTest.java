package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
final class HostAddressesTest {
    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    @Test
    void anAddressStandsForItself() {
        assertThat(HostAddresses.of("127.0.0.1")).containsExactly("127.0.0.1");
        assertThat(HostAddresses.of("::1")).containsExactly("::1");
        assertThat(HostAddresses.of("0.0.0.0")).containsExactly("0.0.0.0");
    }

    @Test
    void aNameThatIsntKnownHasNone() {
        assertThat(HostAddresses.of("no-such-host.invalid")).isEmpty();
    }

    @Test
    void theAddressesOfANameComeInTheirOrderAndOnce() throws Exception {
        assertThat(HostAddresses.usable(
                        Stream.of(address("127.0.0.1"), address("::1"), address("127.0.0.1")), address -> true))
                .containsExactly(address("127.0.0.1"), address("::1"));
    }

    @Test
    void whatTheMachineHasNotIsLeftOutIfItIsOfIPv6AndNotAll() throws Exception {
        List<InetAddress> both = List.of(address("::1"), address("127.0.0.1"));
        List<InetAddress> six = List.of(address("2001:db8::1"), address("2001:db8::2"));
        List<InetAddress> four = List.of(address("203.0.113.1"), address("203.0.113.2"));

        assertThat(HostAddresses.usable(both.stream(), address -> false)).containsExactly(address("127.0.0.1"));
        assertThat(HostAddresses.usable(six.stream(), address -> false)).isEqualTo(six);
        assertThat(HostAddresses.usable(four.stream(), address -> false)).isEqualTo(four);
    }
}
