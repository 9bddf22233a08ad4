package dev.loomgate.server.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedPeersTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void loopbackPeersAreAlwaysAllowed(String peer) throws UnknownHostException {
        assertThat(AllowedPeers.loopbackAnd(List.of()).allows(InetAddress.getByName(peer)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"128.0.0.1", "10.0.0.1", "192.168.0.1", "0.0.0.0", "::", "::2", "fe80::1", "2001:db8::1"})
    void othersAreNot(String peer) throws UnknownHostException {
        assertThat(AllowedPeers.loopbackAnd(List.of()).allows(InetAddress.getByName(peer)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.6/31, 192.0.2.7, true",
        "192.0.2.6/31, 192.0.2.8, false",
        "172.16.0.0/12, 172.31.255.1, true",
        "172.16.0.0/12, 172.32.0.1, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, 11.1.2.3, false",
    })
    void blockHasAnAddressOrNot(String block, String peer, boolean allowed) throws UnknownHostException {
        assertThat(AllowedPeers.loopbackAnd(List.of("198.51.100.1", block)).allows(InetAddress.getByName(peer)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.0",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.1.1",
                "::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1"
            })
    void privatePeersAreThoseThatTheInternetDoesNotRoute(String peer) throws UnknownHostException {
        assertThat(AllowedPeers.loopbackAnd(List.of("private")).allows(InetAddress.getByName(peer)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.255.255.255",
                "11.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "169.253.255.255",
                "203.0.113.1",
                "8.8.8.8",
                "fbff::1",
                "fe00::1",
                "fec0::1",
                "2001:db8::1"
            })
    void publicPeersAreNotPrivateButAny(String peer) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(peer);

        assertThat(AllowedPeers.loopbackAnd(List.of("private")).allows(address)).isFalse();
        assertThat(AllowedPeers.loopbackAnd(List.of("private", "any")).allows(address))
                .isTrue();
    }

    @Test
    void mappedIpv4PeersCountAsIpv4() throws UnknownHostException {
        AllowedPeers allowed = AllowedPeers.loopbackAnd(List.of("10.0.0.0/8"));
        assertThat(allowed.allows(mapped(10, 1, 2, 3))).isTrue();
        assertThat(allowed.allows(mapped(127, 0, 0, 1))).isTrue();
        assertThat(allowed.allows(mapped(11, 1, 2, 3))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | it is not an address",
                "'' | it is not an address",
                "10.0.0 | it is not an address",
                "10.0.0.256 | it is not an address",
                "fe80::1%eth0 | it is not an address",
                "10.0.0.0/ | the prefix after the slash is a number from 0 to 32",
                "10.0.0.0/33 | the prefix after the slash is a number from 0 to 32",
                "10.0.0.0/-1 | the prefix after the slash is a number from 0 to 32",
                "10.0.0.0/8/8 | the prefix after the slash is a number from 0 to 32",
                "10.0.0.0/255.0.0.0 | the prefix after the slash is a number from 0 to 32",
                "::/129 | the prefix after the slash is a number from 0 to 128",
                "10.0.0.1/8 | it has bits past its prefix; the block is 10.0.0.0/8",
                "2001:db8::1/32 | it has bits past its prefix; the block is 2001:db8::/32",
            })
    void whatIsNoBlockIsNamed(String text, String why) {
        assertThatThrownBy(() -> AllowedPeers.loopbackAnd(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("allowFrom \"" + text + "\": " + why);
    }

    private static InetAddress mapped(int a, int b, int c, int d) throws UnknownHostException {
        byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) a, (byte) b, (byte) c, (byte) d};
        return Inet6Address.getByAddress(null, bytes, 0);
    }
}
