package dev.loomgate.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// In which turns of a loop responses are flushed. The turns are made by hand, in the order of a loop's: which
/// microthread has its turn when can't be told to a real one.
@Tag("once")
class FlushQueueTest {
    private final HandmadeTurns turns = new HandmadeTurns();
    private final FlushQueue queue = new FlushQueue(turns);

    /// A turn does what microthreads handed over, then I/O and its tasks, then runs microthreads.
    private static final class HandmadeTurns implements FlushQueue.Turns {
        private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();
        private final ArrayDeque<Runnable> inIo = new ArrayDeque<>();
        private long now;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void next(Runnable task) {
            inIo.add(() -> handedOver.add(() -> handedOver.add(task)));
        }

        /// @param microthreads that have their turn; what each does is to hand over a response
        void turn(List<Runnable> microthreads) {
            now++;
            runAll(handedOver);
            runAll(inIo);
            handedOver.addAll(microthreads);
        }

        void turn(Runnable... microthreads) {
            turn(List.of(microthreads));
        }

        private static void runAll(ArrayDeque<Runnable> tasks) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    /// A connection that has answered a request, and has the next one.
    private final class Pipelining extends FlushQueue.Entry {
        private boolean hasMore = true;
        private int written;
        private int flushes;
        private int sent;

        @Override
        boolean isWritingMore() {
            return hasMore;
        }

        @Override
        void flush() {
            flushes++;
            sent = written;
            flushed();
        }

        /// What a microthread hands over.
        void response() {
            written++;
            queue.add(this);
        }
    }

    @Test
    void responsesOfFollowingTurnsAreFlushedTogether() {
        Pipelining connection = new Pipelining();
        for (int i = 0; i < 5; i++) {
            turns.turn(connection::response);
            assertThat(connection.flushes).isZero();
        }
        turns.turn();
        assertThat(connection.flushes).isZero();

        // The first turn without a response.
        turns.turn();
        assertThat(connection.flushes).isEqualTo(1);
        assertThat(connection.sent).isEqualTo(5);
        turns.turn();
        turns.turn();
        assertThat(connection.flushes).isEqualTo(1);
    }

    @Test
    void theTurnInWhichAConnectionIsQueuedIsNoneWithoutAResponse() {
        Pipelining first = new Pipelining();
        List<Pipelining> others =
                IntStream.range(0, 100).mapToObj(_ -> new Pipelining()).toList();
        turns.turn(first::response);
        turns.turn(first::response);
        // The queue is looked at in the next turn, right behind the others' first responses.
        turns.turn(others.stream().<Runnable>map(each -> each::response).toList());
        turns.turn(others.stream().<Runnable>map(each -> each::response).toList());

        assertThat(others).allSatisfy(each -> assertThat(each.flushes).isZero());
        turns.turn();
        turns.turn();
        assertThat(others).allSatisfy(each -> {
            assertThat(each.flushes).isEqualTo(1);
            assertThat(each.sent).isEqualTo(2);
        });
    }

    @Test
    void aResponseWaitsForNoMoreTurnsThanTheMost() {
        Pipelining connection = new Pipelining();
        int longest = FlushQueue.MAX_TURNS + 1;
        for (int i = 0; i < longest; i++) {
            turns.turn(connection::response);
        }
        assertThat(connection.flushes).isZero();

        // It has had a response in each turn, and has the next request.
        turns.turn(connection::response);
        assertThat(connection.flushes).isEqualTo(1);
        assertThat(connection.sent).isEqualTo(longest);
    }

    @Test
    void aResponseThatNoRequestFollowsIsFlushedInTheNextTurn() {
        Pipelining connection = new Pipelining();
        turns.turn(connection::response);
        turns.turn();
        assertThat(connection.flushes).isZero();
        connection.hasMore = false;
        turns.turn();

        assertThat(connection.flushes).isEqualTo(1);
    }

    @Test
    void aSlowRequestKeepsTheResponseBeforeItForOneTurn() {
        Pipelining slow = new Pipelining();
        Pipelining quick = new Pipelining();
        turns.turn(slow::response, quick::response);
        turns.turn(quick::response);
        turns.turn(quick::response);

        assertThat(slow.flushes).isEqualTo(1);
        assertThat(quick.flushes).isZero();
    }

    @Test
    void whatSomebodyElseHasFlushedIsNotFlushedAgain() {
        Pipelining connection = new Pipelining();
        turns.turn(connection::response);
        turns.turn();
        connection.flush();
        turns.turn();
        turns.turn();

        assertThat(connection.flushes).isEqualTo(1);
        // And it is queued again.
        turns.turn(connection::response);
        turns.turn();
        turns.turn();
        assertThat(connection.flushes).isEqualTo(2);
    }
}
