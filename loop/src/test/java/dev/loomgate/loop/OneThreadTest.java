package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.threads.VirtualThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the engine `LOOP` promises beyond the others.
@Timeout(60)
@Tag("timing")
class OneThreadTest {
    @Test
    void microthreadsOfALoopNeedNoLocksBetweenTheirWaits() throws Exception {
        try (LoopGroup group = LoopGroup.builder().start()) {
            if (group.engine() != Engine.LOOP) {
                assertThat(VirtualThreads.closed()).isNotNull();
                assertThat(VirtualThreads.FLAG).isEqualTo("--add-opens java.base/java.lang=ALL-UNNAMED");
                return;
            }
            int[] counter = {0}; // plain: only ever touched on one OS thread
            List<Task<Object>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tasks.add(group.next().createTask(() -> {
                    for (int step = 0; step < 1000; step++) {
                        counter[0]++;
                        if (step % 100 == 0) {
                            Loop.sleep(Duration.ofNanos(1));
                        }
                    }
                    return VirtualThreads.currentCarrier();
                }));
            }
            Thread carrier = ((LoopCarrier) group.next().carrier()).osThreads().owner();
            for (Task<Object> task : tasks) {
                assertThat(task.get(20, SECONDS)).isSameAs(carrier);
            }
            assertThat(counter[0]).isEqualTo(100_000);
        }
    }

    @Test
    void socketsOfTheJdkWaitWithoutHoldingTheLoop() throws Exception {
        try (LoopGroup group = LoopGroup.builder().start();
                ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Loop loop = group.next();
            Task<Integer> reader = loop.createTask(() -> {
                try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                    return socket.getInputStream().read();
                }
            });
            try (Socket accepted = listener.accept()) {
                assertThat(loop.createTask(() -> "served meanwhile").get(20, SECONDS))
                        .isEqualTo("served meanwhile");
                write(accepted);
                assertThat(reader.get(20, SECONDS)).isEqualTo(7);
            }
        }
    }

    private static void write(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
    }
}
