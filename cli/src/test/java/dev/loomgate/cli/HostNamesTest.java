package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Names that stand for an address of IPv4 and one of IPv6, in a network of their own, with IPv6 and without it.
@Timeout(180)
@Tag("once")
class HostNamesTest {
    @TempDir
    private Path directory;

    private final String network = "lgn" + ProcessHandle.current().pid();

    @BeforeEach
    void network() throws Exception {
        Files.writeString(directory.resolve("hosts"), "127.0.0.1 twofold\n::1 twofold\n");
        Processes.run("ip", "netns", "add", network);
        Processes.run("ip", "-n", network, "link", "set", "lo", "up");
    }

    @AfterEach
    void remove() throws Exception {
        Processes.run("ip", "netns", "del", network);
    }

    private void withoutIPv6() throws Exception {
        Processes.run("ip", "netns", "exec", network, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6");
    }

    private LoomgateProcess launch(String options) throws Exception {
        // The JDK's own resolver, with that file alone: whatever this machine's /etc/hosts says.
        return LoomgateProcess.launchByShell(
                directory,
                Map.of("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + directory.resolve("hosts")),
                "exec ip netns exec %s \"$@\" demo %s".formatted(network, options));
    }

    private String ask(String host) throws Exception {
        return Processes.run(
                "ip",
                "netns",
                "exec",
                network,
                "curl",
                "-s",
                "--retry",
                "100",
                "--retry-delay",
                "0",
                "--retry-connrefused",
                "--retry-max-time",
                "50",
                "http://" + host + ":8080/user?name=Bob");
    }

    @Test
    void aNameIsListenedOnAtEachOfItsAddresses() throws Exception {
        try (LoomgateProcess loomgate = launch("--http twofold:8080")) {
            assertThat(ask("127.0.0.1")).isEqualTo("Hello Bob!");
            assertThat(ask("[::1]")).isEqualTo("Hello Bob!");
            assertThat(loomgate.err()).contains("http://127.0.0.1:8080", "http://[::1]:8080");
        }
    }

    @Test
    void aMachineWithoutIPv6ListensAtTheOther() throws Exception {
        withoutIPv6();
        try (LoomgateProcess loomgate = launch("--http twofold:8080")) {
            assertThat(ask("127.0.0.1")).isEqualTo("Hello Bob!");
            assertThat(loomgate.err()).doesNotContain("::1");
        }
    }

    @Test
    void theAddressThatFailedIsNamed() throws Exception {
        try (LoomgateProcess loomgate = launch("--http [::1]:8080 --http twofold:8080")) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err())
                    .contains(
                            "can't listen on twofold:8080: [::1]:8080: the address is in use, something listens there");
        }
    }

    @Test
    void allAddressesAreThoseOfBoth() throws Exception {
        for (String all : List.of("--http :8080", "--http [::]:8080")) {
            try (LoomgateProcess loomgate = launch(all)) {
                assertThat(ask("127.0.0.1")).as(all).isEqualTo("Hello Bob!");
                assertThat(ask("[::1]")).as(all).isEqualTo("Hello Bob!");
                loomgate.signal("TERM");
                assertThat(loomgate.status()).isZero();
            }
        }
    }

    @Test
    void allAddressesAreThoseOfIPv4WhereThereIsNoOther() throws Exception {
        withoutIPv6();
        try (LoomgateProcess loomgate = launch("--http :8080")) {
            assertThat(ask("127.0.0.1")).isEqualTo("Hello Bob!");
            assertThat(loomgate.isAlive()).isTrue();
        }
    }
}
