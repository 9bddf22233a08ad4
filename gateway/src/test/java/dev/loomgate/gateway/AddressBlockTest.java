package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    private static byte[] address(String literal) {
        return AddressBlock.address(literal).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.1/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.6/31, 192.0.2.7, true",
        "192.0.2.6/31, 192.0.2.8, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
    })
    void hasTheAddressesThatBeginAlike(String block, String address, boolean contained) {
        assertThat(AddressBlock.parse(block).contains(address(address))).isEqualTo(contained);
    }

    @Test
    void anAddressInTheFormOfSixteenBytesIsTheIpv4One() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};

        assertThat(AddressBlock.parse("10.0.0.0/8").contains(mapped)).isTrue();
        assertThat(AddressBlock.unmapped(mapped)).isEqualTo(address("10.1.2.3"));
    }

    @Test
    void bitsPastThePrefixCountForNothingAndAreSeen() {
        assertThat(AddressBlock.parse("10.1.2.3/12").isExact()).isFalse();
        assertThat(AddressBlock.parse("10.1.2.3/12")).hasToString("10.0.0.0/12");
        assertThat(AddressBlock.parse("10.16.0.0/12").isExact()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10",
                "10.0.0",
                "10.0.0.256",
                "fe80::1%lo",
                "10.0.0.0/",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "::ffff:10.0.0.0/8"
            })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
