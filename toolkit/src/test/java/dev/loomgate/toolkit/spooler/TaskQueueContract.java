package dev.loomgate.toolkit.spooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// The steps of a [TaskQueue], by two spoolers' names: what each implementation has to do. Its module has a test class
/// that extends this one, with a real database.
public abstract class TaskQueueContract {
    protected static final Duration LEASE = Duration.ofMinutes(1);
    protected static final Duration NO_LEASE = Duration.ZERO;

    /// The same for a whole test, and empty when it begins.
    protected abstract TaskQueue queue();

    /// [#queue] with another limit.
    protected abstract TaskQueue withMaxDead(int most);

    /// [#queue] with another limit.
    protected abstract TaskQueue withMaxTasks(int most);

    /// One of another name, in the same database.
    protected abstract TaskQueue another();

    protected static Task task(String name) {
        return Task.of("name", name);
    }

    protected static List<String> names(List<TakenTask> tasks) {
        return tasks.stream()
                .map(each -> Task.unpack(each.content()).text("name").orElseThrow())
                .toList();
    }

    protected final TakenTask takeOne(String owner) {
        List<TakenTask> tasks = queue().take(owner, 1).tasks();
        assertThat(tasks).hasSize(1);
        return tasks.getFirst();
    }

    @Test
    void tasksOfASmallerPriorityGoFirstAndThenTheOldest() {
        List.of("c9", "b3", "d9", "a0").forEach(name -> queue().spool(task(name).withPriority(name.charAt(1) - '0')));

        assertThat(names(queue().take("one", 3).tasks())).containsExactly("a0", "b3", "c9");
        assertThat(names(queue().take("two", 3).tasks())).containsExactly("d9");
        assertThat(queue().take("two", 3)).isEqualTo(new Taken(List.of(), null));
    }

    @Test
    void aTaskKeepsItsIdAndItsBytes() {
        byte[] body = {0, 10, 13, (byte) 0xff, ' ', '%'};
        String id = queue().spool(task("now").withBody(body));
        String later =
                queue().spool(task("later").withBody(body).withAt(Instant.now().plusMillis(50)));

        TakenTask first = takeOne("one");
        assertThat(first.id()).isEqualTo(id);
        assertThat(Task.unpack(first.content()).body()).isEqualTo(body);
        TakenTask second = takeSoon();
        assertThat(second.id()).isEqualTo(later);
        assertThat(Task.unpack(second.content()).body()).isEqualTo(body);
    }

    private TakenTask takeSoon() {
        Taken taken = queue().take("one", 1);
        while (taken.tasks().isEmpty()) {
            assertThat(taken.next()).isNotNull();
            taken = queue().take("one", 1);
        }
        return taken.tasks().getFirst();
    }

    @Test
    void theQueueSaysWhenTheNextTimeComes() {
        queue().spool(task("tomorrow").withAt(Instant.now().plus(Duration.ofDays(1))));
        queue().spool(task("soon").withAt(Instant.now().plus(Duration.ofMinutes(1))));

        Taken taken = queue().take("one", 10);

        assertThat(taken.tasks()).isEmpty();
        assertThat(taken.next()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
        assertThat(queue().counts().later()).isEqualTo(2);
    }

    @Test
    void aTaskThatIsDoneTwiceIsDoneOnce() {
        queue().spool(task("a"));
        TakenTask taken = takeOne("one");

        assertThat(queue().done(taken)).isTrue();
        assertThat(queue().done(taken)).isFalse();
        assertThat(queue().retry("one", taken, Duration.ZERO, true)).isFalse();
        assertThat(queue().counts()).isEqualTo(new TaskCounts(0, 0, 0, 0, Duration.ZERO, 1, 1, 0, 0, 0));
    }

    @Test
    void whoHasBeenTakenForLostLosesWhatItHad() {
        queue().spool(task("a"));
        TakenTask before = takeOne("one");
        assertThat(queue().claim("two", 10, LEASE)).isEmpty();

        List<TakenTask> claimed = queue().claim("two", 10, NO_LEASE);

        assertThat(names(claimed)).containsExactly("a");
        assertThat(claimed.getFirst().losses()).isEqualTo(1);
        assertThat(queue().renew("one", List.of(before))).isEmpty();
        assertThat(queue().renew("two", claimed)).containsExactly(before.place());
        assertThat(queue().retry("one", before, Duration.ZERO, true)).isFalse();
        assertThat(queue().bury("one", before, "why")).isFalse();
        assertThat(queue().counts().lost()).isEqualTo(1);
        // It has done it all the same.
        assertThat(queue().done(before)).isTrue();
        assertThat(queue().done(claimed.getFirst())).isFalse();
    }

    @Test
    void whoSaysThatItIsThereKeepsWhatItHas() throws Exception {
        Duration lease = Duration.ofSeconds(1);
        queue().spool(task("a"));
        List<TakenTask> taken = queue().take("one", 1).tasks();
        Instant end = Instant.now().plus(lease.multipliedBy(3).dividedBy(2));

        while (Instant.now().isBefore(end)) {
            assertThat(queue().renew("one", taken)).hasSize(1);
            assertThat(queue().claim("two", 1, lease)).isEmpty();
        }
        // Renewing is no delivery.
        assertThat(queue().claim("two", 1, NO_LEASE).getFirst().losses()).isEqualTo(1);
    }

    @Test
    void whatHasFailedComesBackWithItsNumber() {
        queue().spool(task("a").withPriority(2));

        assertThat(queue().retry("one", takeOne("one"), Duration.ZERO, true)).isTrue();
        TakenTask second = takeOne("two");
        assertThat(second.failures()).isEqualTo(1);
        assertThat(second.priority()).isEqualTo(2);
        assertThat(queue().retry("two", second, Duration.ofMinutes(1), false)).isTrue();

        assertThat(queue().take("one", 1).next()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(queue().counts().later()).isEqualTo(1);
        assertThat(queue().counts().retried()).isEqualTo(1);
    }

    @Test
    void whatIsGivenUpCanBeLookedAtRevivedAndDiscarded() {
        queue().spool(task("a").withPriority(2));
        queue().spool(task("b"));
        assertThat(queue().bury("one", takeOne("one"), "no such mailbox")).isTrue();
        assertThat(queue().bury("one", takeOne("one"), "too large")).isTrue();

        List<DeadTask> dead = queue().dead(10);
        assertThat(dead).extracting(DeadTask::why).containsExactly("no such mailbox", "too large");
        assertThat(dead.getFirst().task().text("name")).contains("a");
        assertThat(dead.getFirst().task().priority()).isEqualTo(2);
        assertThat(queue().revive(dead.getFirst())).isTrue();
        assertThat(queue().revive(dead.getFirst())).isFalse();
        assertThat(queue().discard(dead.get(1))).isTrue();
        assertThat(queue().discard(dead.get(1))).isFalse();

        assertThat(names(List.of(takeOne("two")))).containsExactly("a");
        assertThat(queue().counts().dead()).isZero();
        assertThat(queue().counts().buried()).isEqualTo(2);
        // None was added.
        assertThat(queue().counts().spooled()).isEqualTo(2);
    }

    @Test
    void theOldestIsTheOneThatCouldHaveBeenTakenForLongest() throws Exception {
        queue().spool(task("a").withPriority(3));
        assertThat(queue().counts().oldest()).isLessThan(Duration.ofSeconds(5));
        awaitOldest(Duration.ofMillis(300));
        queue().spool(task("b").withPriority(1));

        // The younger one goes first, and the older one still waits.
        TakenTask second = takeOne("one");
        assertThat(names(List.of(second))).containsExactly("b");
        assertThat(queue().counts().oldest()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        TakenTask first = takeOne("one");
        assertThat(queue().counts().oldest()).isZero();

        // It waits from when it came back.
        queue().retry("one", first, Duration.ZERO, true);
        assertThat(queue().counts().oldest()).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void aTaskWhoseTimeHasComeWaitsSinceThen() throws Exception {
        Duration delay = Duration.ofMillis(400);
        Instant due = Instant.now().plus(delay);
        queue().spool(task("a").withAt(due));
        assertThat(queue().counts().later()).isEqualTo(1);
        assertThat(queue().counts().oldest()).isZero();

        // Nobody takes anything, so nobody sees that its time has come.
        awaitOldest(Duration.ofMillis(1));
        assertThat(queue().counts().waiting()).isEqualTo(1);
        assertThat(queue().counts().later()).isZero();
        // A spooler that sees it may count from then on.
        queue().take("one", 0);
        awaitOldest(Duration.ofMillis(1));
        Duration oldest = queue().counts().oldest();
        assertThat(oldest).isLessThan(Duration.between(due, Instant.now()).plusMillis(2));
        assertThat(takeOne("one")).isNotNull();
    }

    private void awaitOldest(Duration least) throws Exception {
        Instant end = Instant.now().plusSeconds(30);
        while (queue().counts().oldest().compareTo(least) < 0) {
            assertThat(Instant.now()).as("waits").isBefore(end);
            Thread.sleep(5);
        }
    }

    @Test
    void theOldestOfTooManyDeadOnesAreForgotten() {
        TaskQueue small = withMaxDead(2);
        for (String name : List.of("a", "b", "c")) {
            small.spool(task(name));
            small.bury("one", takeOne("one"), name);
        }

        assertThat(small.dead(10)).extracting(DeadTask::why).containsExactly("b", "c");
    }

    @Test
    void aFullQueueRefusesUntilATaskIsDone() {
        TaskQueue small = withMaxTasks(2);
        small.spool(task("a"));
        small.spool(task("b").withAt(Instant.now().plus(LEASE)));
        TakenTask taken = takeOne("one");
        assertThatThrownBy(() -> small.spool(task("c"))).isInstanceOf(ServiceUnavailable.class);

        small.done(taken);
        small.spool(task("c"));
        assertThat(small.counts().waiting()).isEqualTo(1);
    }

    @Test
    void queuesOfOtherNamesHaveOtherTasks() {
        TaskQueue other = another();
        other.spool(task("a"));

        assertThat(queue().take("one", 1).tasks()).isEmpty();
        assertThat(queue().counts().waiting()).isZero();
        assertThat(names(other.take("one", 1).tasks())).containsExactly("a");
    }

    @Test
    void manyTakersHaveDifferentTasks() throws Exception {
        int count = 200;
        for (int i = 0; i < count; i++) {
            queue().spool(task("task " + i));
        }
        List<String> taken = new CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String owner = "owner" + i;
                all.add(threads.submit(() -> takeAll(owner, taken)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(taken).hasSize(count).doesNotHaveDuplicates();
        assertThat(queue().counts().done()).isEqualTo(count);
    }

    private void takeAll(String owner, List<String> taken) {
        List<TakenTask> tasks = queue().take(owner, 7).tasks();
        while (!tasks.isEmpty()) {
            taken.addAll(names(tasks));
            tasks.forEach(queue()::done);
            tasks = queue().take(owner, 7).tasks();
        }
    }
}
