package dev.loomgate.cli.subscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.ListenAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What subscriptions mean, as options say them.
@Tag("once")
class SubscriptionTest {
    @Test
    void aPlainOneNamesAServerAndAKey() {
        Subscription plain = Subscription.plain("--st", "10.0.0.1:9090:www.example");
        assertThat(plain.server()).isEqualTo("10.0.0.1:9090");
        assertThat(plain.key()).isEqualTo("www.example");
        assertThat(plain.address()).isNull();

        Subscription full = Subscription.plain("--st", "10.0.0.2:3031=/run/s:www.example:8080,5");
        assertThat(full.address()).isEqualTo("10.0.0.2:3031");
        assertThat(full.server()).isEqualTo("/run/s");
        assertThat(full.key()).isEqualTo("www.example:8080");
        assertThat(full.modifier1()).isEqualTo(5);

        assertThat(Subscription.plain("--st", "[::1]:9:k").server()).isEqualTo("[::1]:9");
    }

    @Test
    void aKeyedOneHasMore() {
        Subscription keyed = Subscription.keyed(
                "--subscribe2",
                "server=10.0.0.1:9090,key=k,addr=10.0.0.2:1,weight=3,modifier1=4,modifier2=5,check=/tmp/c,sni_key=/k");
        assertThat(keyed)
                .isEqualTo(new Subscription(
                        keyed.text(),
                        "10.0.0.1:9090",
                        "k",
                        "10.0.0.2:1",
                        0,
                        4,
                        5,
                        OptionalInt.of(3),
                        Path.of("/tmp/c"),
                        Map.of("sni_key", "/k")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            example            | it is [ADDRESS=]HOST:PORT:KEY, or [ADDRESS=]/PATH:KEY
            host:9090          | it is [ADDRESS=]HOST:PORT:KEY, or [ADDRESS=]/PATH:KEY
            host:9090:         | it is [ADDRESS=]HOST:PORT:KEY, or [ADDRESS=]/PATH:KEY
            host:port:k        | the subscription server is HOST:PORT, or a unix socket's path
            =0=host:1:k        | the address before = is HOST:PORT or a unix socket's path
            host:1:k,256       | modifier1 is a number from 0 to 255
            host:1:k,0,SHA1:/k | signed packets are not made yet
            """)
    void aWrongOneIsSaidToBe(String text, String why) {
        assertThatThrownBy(() -> Subscription.plain("--subscribe-to", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--subscribe-to " + text + ": " + why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key=k                      | --subscribe2 key=k: it needs server= and key=
            server=h:1,key=k,sign=x    | --subscribe2: sign is not offered: signed packets are not made yet
            server=h:1,key=k,weight=-1 | --subscribe2 server=h:1,key=k,weight=-1: weight is a number from 0 to 2147483647
            """)
    void soIsAKeyedOne(String text, String why) {
        assertThatThrownBy(() -> Subscription.keyed("--subscribe2", text)).hasMessage(why);
    }

    @Test
    void aFileHasANameALine(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("names"), "# ours\none.example\n\ntwo.example,7\n");
        assertThat(Subscription.plain("--st", "h:1:@" + file).names())
                .containsExactly(new Subscription.Name("one.example", 0), new Subscription.Name("two.example", 7));
    }

    @Test
    void thereHasToBeASocketThatTheRouterCanUse() {
        SubscribeSettings settings = new SubscribeSettings(
                List.of(Subscription.plain("--st", "h:1:k")), Duration.ofSeconds(1), 1, false, false);
        assertThat(settings.problem(List.of(ListenAddress.http(":80"))))
                .hasValue("the subscription h:1:k: there is no socket for the uwsgi protocol that the router could"
                        + " connect to (--socket)");
        assertThat(settings.problem(List.of(ListenAddress.uwsgi(":3031")))).isEmpty();
    }

    @Test
    void aPacketHasWhatRoutersRead() {
        SubscriptionPacket packet = new SubscriptionPacket("k", "a:1", 0, 0, 2, 0, 1, Map.of());
        assertThat(new String(packet.bytes(true), StandardCharsets.ISO_8859_1))
                .isEqualTo("\u00e0\120\0\0" + "\3\0key\1\0k" + "\7\0address\3\0a:1" + "\11\0modifier1\1\0000"
                        + "\11\0modifier2\1\0000" + "\5\0cores\1\0002" + "\4\0load\1\0000" + "\6\0weight\1\0001");
        assertThat(packet.bytes(false)[3]).isEqualTo((byte) 1);
    }
}
