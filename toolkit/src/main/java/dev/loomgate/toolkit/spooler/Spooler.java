package dev.loomgate.toolkit.spooler;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Runs the tasks of a queue, beside the spoolers of other servers.
///
/// ```java
/// Spooler spooler = Spooler.start(queue, SpoolerSettings.DEFAULT, run -> {
///     send(run.task().text("to").orElseThrow(), run.task().body());
///     return SpoolResult.OK;
/// });
/// ```
/// None is lost: a task is in the queue until it is done. It is run again if that fails, later each time,
/// and when the server that has it dies or can't be heard. Then at most [SpoolerSettings#prefetch] tasks are
/// run a second time, those that it had.
///
/// While the queue can't be asked nothing is taken, and what was done meanwhile is told when it is back.
/// Tasks run in virtual threads of the JDK's scheduler, not on the loops of a server.
public final class Spooler implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Spooler.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);
    private static final int MOST_WHY = 200;

    private final TaskQueue queue;
    private final SpoolerSettings settings;
    private final UnaryOperator<String> settingNames;
    private final SpoolFunction function;
    private final String owner = UUID.randomUUID().toString().replace("-", "");
    private final Held held;
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder ignored = new LongAdder();
    private final LongAdder buried = new LongAdder();
    private final LongAdder runs = new LongAdder();
    private final LongAdder busyNanos = new LongAdder();
    private final Thread taker = Thread.ofVirtual().name("loomgate-spooler").unstarted(this::take);
    private final TaskQueue.Listening listening;

    private Spooler(
            TaskQueue queue, SpoolerSettings settings, UnaryOperator<String> settingNames, SpoolFunction function) {
        this.queue = queue;
        this.settings = settings;
        this.settingNames = settingNames;
        this.function = function;
        held = new Held(settings, this::run);
        listening = queue.listen(held::wake);
    }

    /// Starts to run tasks.
    ///
    /// @throws IllegalArgumentException as [TaskQueue#listen]
    public static Spooler start(TaskQueue queue, SpoolerSettings settings, SpoolFunction function) {
        Spooler spooler = new Spooler(queue, settings, name -> "SpoolerSettings, " + name, function);
        spooler.taker.start();
        return spooler;
    }

    /// The same, which takes no task before [#workers] says how many it may run: for a program that
    /// runs them elsewhere.
    ///
    /// @param settingNames what messages call a setting, by its name in [SpoolerSettings]
    /// @throws IllegalArgumentException as [TaskQueue#listen]
    public static Spooler idle(
            TaskQueue queue, SpoolerSettings settings, UnaryOperator<String> settingNames, SpoolFunction function) {
        Spooler spooler = new Spooler(queue, settings, settingNames, function);
        spooler.held.workers(0);
        spooler.taker.start();
        return spooler;
    }

    /// From now on so many tasks run at once, in place of [SpoolerSettings#workers]; what runs goes
    /// on. With 0, none is taken, and what isn't begun is given back, so that other servers run it.
    /// Any thread, which isn't held.
    ///
    /// @throws IllegalArgumentException if it is below 0 or above [SpoolerSettings#prefetch]
    public void workers(int count) {
        if (count < 0 || count > settings.prefetch()) {
            throw new IllegalArgumentException(
                    "Spooler: workers is %d, not in 0 to %d".formatted(count, settings.prefetch()));
        }
        held.workers(count);
    }

    /// The name of its queue.
    public String queue() {
        return queue.name();
    }

    /// What it has done, and what it has now. Any thread; doesn't wait.
    public SpoolerCounts counts() {
        return new SpoolerCounts(
                held.running(),
                held.tasks().size(),
                done.sum(),
                failed.sum(),
                ignored.sum(),
                buried.sum(),
                runs.sum(),
                Duration.ofNanos(busyNanos.sum()));
    }

    // ---- the thread that takes

    private void take() {
        long third = settings.lease().toNanos() / 3;
        long renewAt = System.nanoTime() + third;
        long claimAt = renewAt;
        try {
            while (!held.isOver()) {
                long wait;
                try {
                    held.unwanted().forEach(this::giveBack);
                    long now = System.nanoTime();
                    if (now - renewAt >= 0) {
                        renewAt = now + third;
                        renew();
                    }
                    if (now - claimAt >= 0) {
                        claimAt = now + third;
                        claim();
                    }
                    wait = Math.min(renewAt - System.nanoTime(), fill());
                } catch (ServiceUnavailable e) {
                    // Nobody could say that it is there: we do so first of all, and the others aren't lost.
                    renewAt = System.nanoTime();
                    claimAt = renewAt + settings.lease().toNanos();
                    wait = PAUSE.toNanos();
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "queue \"%s\" can't be asked for tasks".formatted(queue.name()), e);
                    wait = Math.max(third, TimeUnit.SECONDS.toNanos(1));
                }
                held.await(wait);
            }
        } catch (InterruptedException e) {
            // Nobody does that; what it has others claim.
        }
    }

    private void renew() {
        List<TakenTask> tasks = held.tasks();
        if (tasks.isEmpty()) {
            return;
        }
        Set<String> still = queue.renew(owner, tasks);
        for (TakenTask task : tasks) {
            if (!still.contains(task.place())) {
                held.drop(task);
            }
        }
    }

    private void claim() {
        int room = held.room();
        if (room == 0) {
            return;
        }
        List<TakenTask> tasks = queue.claim(owner, room, settings.lease());
        List<TakenTask> good = tasks.stream()
                .filter(task -> task.losses() <= settings.mostLosses())
                .toList();
        for (TakenTask task : tasks) {
            if (task.losses() > settings.mostLosses()) {
                bury(
                        task,
                        "%d spoolers that had it were lost (%s)"
                                .formatted(task.losses(), settingNames.apply("mostLosses")));
            }
        }
        add(good, false);
    }

    /// Takes what there is room for.
    ///
    /// @return the time until there will be more, in nanoseconds
    private long fill() {
        int room = held.room();
        if (room == 0) {
            return Long.MAX_VALUE;
        }
        Taken taken = queue.take(owner, room);
        add(taken.tasks(), taken.tasks().size() < room);
        Duration next = taken.next();
        return next == null ? Long.MAX_VALUE : next.toNanos();
    }

    private void add(List<TakenTask> tasks, boolean isAll) {
        if (!held.add(tasks, isAll)) {
            tasks.forEach(this::giveBack);
        }
    }

    // ---- a task

    private void run(TakenTask taken) {
        Task task;
        try {
            task = Task.unpack(taken.content()).withPriority(taken.priority());
        } catch (IllegalArgumentException e) {
            settle(() -> bury(taken, "it can't be read"));
            return;
        }
        try {
            SpoolResult result = call(new TaskRun(taken.id(), taken.failures() + 1, task));
            switch (result) {
                case OK -> {
                    done.increment();
                    settle(() -> queue.done(taken));
                }
                case RETRY -> failed(taken, null);
                case IGNORE -> {
                    ignored.increment();
                    settle(() -> queue.retry(owner, taken, settings.backoff(), false));
                }
            }
        } catch (InterruptedException e) {
            if (held.isOpen()) {
                failed(taken, e);
            } else {
                settle(() -> queue.retry(owner, taken, Duration.ZERO, false));
            }
        } catch (Throwable e) {
            // Whatever it is, the task isn't done, and the others have nothing to do with it.
            failed(taken, e);
        }
    }

    private SpoolResult call(TaskRun run) throws Exception {
        long begin = System.nanoTime();
        try {
            return function.run(run);
        } finally {
            busyNanos.add(System.nanoTime() - begin);
            runs.increment();
        }
    }

    private void failed(TakenTask taken, @Nullable Throwable failure) {
        int failures = taken.failures() + 1;
        if (failures >= settings.mostAttempts()) {
            String last = failure == null ? "RETRY" : text(failure);
            settle(() -> bury(
                    taken,
                    "%d attempts failed (%s): %s".formatted(failures, settingNames.apply("mostAttempts"), last)));
            return;
        }
        failed.increment();
        Duration after = settings.backoffAfter(failures);
        if (failure != null) {
            LOGGER.log(
                    Level.WARNING,
                    "task %s of queue \"%s\" failed, attempt %d of %d; the next one is in %d ms"
                            .formatted(taken.id(), queue.name(), failures, settings.mostAttempts(), after.toMillis()),
                    failure);
        }
        settle(() -> queue.retry(owner, taken, after, true));
    }

    private static String text(Throwable failure) {
        String text = failure.toString().lines().findFirst().orElse("");
        return text.substring(0, Math.min(text.length(), MOST_WHY));
    }

    private boolean bury(TakenTask task, String why) {
        boolean is = queue.bury(owner, task, why);
        if (is) {
            buried.increment();
            LOGGER.log(Level.ERROR, "task {0} of queue \"{1}\" is given up: {2}", task.id(), queue.name(), why);
        }
        return is;
    }

    private void giveBack(TakenTask task) {
        try {
            queue.retry(owner, task, Duration.ZERO, false);
        } catch (ServiceUnavailable e) {
            // Others claim it.
        }
    }

    /// Tells the queue what became of a task, when it can be told.
    private void settle(Runnable step) {
        try {
            // It may have been interrupted, and hasn't looked.
            Thread.interrupted();
            boolean isTold = false;
            while (!isTold) {
                try {
                    step.run();
                    isTold = true;
                } catch (ServiceUnavailable e) {
                    isTold = !held.pause(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            // It is closed, and others claim the task.
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "queue \"%s\" can't be told of a task".formatted(queue.name()), e);
        }
    }

    /// Takes no more, gives back what isn't begun, and waits for what runs: for
    /// [SpoolerSettings#stopTimeout], and a second more once that is interrupted. What runs even then others
    /// may run as well.
    @Override
    public void close() {
        listening.close();
        held.stop().forEach(this::giveBack);
        try {
            if (!held.awaitEnd(settings.stopTimeout())) {
                held.interrupt();
                held.awaitEnd(AFTER_INTERRUPT);
            }
            held.end();
            taker.join();
        } catch (InterruptedException e) {
            held.end();
            Thread.currentThread().interrupt();
            return;
        }
        try {
            queue.leave(owner);
        } catch (ServiceUnavailable e) {
            // It is forgotten later.
        }
    }
}
