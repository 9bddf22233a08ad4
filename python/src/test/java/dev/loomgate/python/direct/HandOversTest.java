package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandOversTest {
    private final HandOvers handOvers = new HandOvers();
    private final List<String> taken = new ArrayList<>();

    private void frame(String name) {
        handOvers.frame(descriptor -> taken.add(name + descriptor));
    }

    @Test
    void framesMayComeFirst() {
        frame("a");
        frame("b");
        handOvers.descriptor(1001);
        assertThat(taken).containsExactly("a1001");
        handOvers.descriptor(1002);
        assertThat(taken).containsExactly("a1001", "b1002");
        assertThat(handOvers.close()).isZero();
    }

    @Test
    void descriptorsMayComeFirst() {
        handOvers.descriptor(1001);
        handOvers.descriptor(1002);
        frame("a");
        frame("b");
        assertThat(taken).containsExactly("a1001", "b1002");
        assertThat(handOvers.close()).isZero();
    }

    @Test
    void eachMayOvertakeTheOtherAgainAndAgain() {
        frame("a");
        handOvers.descriptor(1001);
        handOvers.descriptor(1002);
        frame("b");
        frame("c");
        handOvers.descriptor(1003);
        assertThat(taken).containsExactly("a1001", "b1002", "c1003");
    }

    @Test
    void aConnectionWithoutAFrameIsClosedAtTheEnd() throws IOException {
        int early = open();
        int late = open();
        handOvers.descriptor(early);
        assertThat(handOvers.close()).isEqualTo(1);
        handOvers.descriptor(late);
        frame("a");
        assertThat(isOpen(early)).isFalse();
        assertThat(isOpen(late)).isFalse();
        assertThat(taken).isEmpty();
    }

    @Test
    void aFrameWithoutAConnectionIsCountedAtTheEnd() {
        frame("a");
        assertThat(handOvers.close()).isEqualTo(1);
        assertThat(taken).isEmpty();
    }

    // The name of a file that nothing else in this JVM has open.
    private static int open() throws IOException {
        Epoll.ensureAvailability();
        return FileDescriptor.from(Files.createTempFile("handed", "over").toFile())
                .intValue();
    }

    // Its number may be somebody else's by now, but not for such a file.
    private static boolean isOpen(int descriptor) throws IOException {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        return Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                && Files.readSymbolicLink(link).toString().matches(".*/handed[0-9]+over.*");
    }
}
