package dev.loomgate.python;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cron or a timer that several servers have, each of whose runs one of them does: at most once, by a claim for each
/// run. None leads the others.
///
/// ```text
///   due ──▶ waiting ──▶ claimed ──▶ ours: begun       another's: nothing
///              ▲           │
///              └─ 250 ms ──┴─ nobody can say (WAIT), until it is too late: left out
/// ```
/// Runs are asked for one after the other, in their order. A timer's run is left out when the next one is due, since
/// several at once would do the same.
///
/// Used by one thread: the one that [Place] runs things on.
public final class SharedJob {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final Duration PAUSE = Duration.ofMillis(250);

    /// Where its work is done.
    public interface Place {
        /// Runs what waits for the store, elsewhere.
        ///
        /// @param then what follows, on the thread that uses the job
        void ask(Runnable waiting, Runnable then);

        /// Runs a task on the thread that uses the job.
        void later(Duration delay, Runnable task);
    }

    /// What the jobs of a server, or of an import of a program, have in common.
    ///
    /// @param mostLate how late a run may begin
    /// @param mostLateName what messages call that
    public record Terms(ProgramRuns runs, Duration mostLate, String mostLateName, InstantSource clock, Place place) {}

    /// What runs have come to here, so far.
    ///
    /// @param begun here
    /// @param others those that other servers had
    /// @param leftOut those that were too late, or that can't be claimed
    public record Counts(long begun, long others, long leftOut) {}

    private final Terms terms;
    private final Supplier<String> name;
    private final SharedRunOptions.WhenGone whenGone;
    private final boolean isTimer;
    private final boolean isAlone;
    private final Runnable begin;

    private final Deque<Instant> waiting = new ArrayDeque<>();
    private Instant last = Instant.MIN;
    private boolean asking;
    private boolean ended;
    private long begun;
    private long others;
    private long leftOut;

    // Those that the log doesn't know of yet.
    private long unsaid;
    private @Nullable Instant firstUnsaid;

    /// @param name what all servers call it, and nothing else; asked for at each run
    /// @param isTimer whether a run is left out when the next one is due
    /// @param isAlone whether a run is begun only if no other one of the job is under way anywhere
    ///     ([ProgramRuns#hold])
    /// @param begin begins a run
    public SharedJob(
            Terms terms,
            Supplier<String> name,
            SharedRunOptions.WhenGone whenGone,
            boolean isTimer,
            boolean isAlone,
            Runnable begin) {
        this.terms = terms;
        this.name = name;
        this.whenGone = whenGone;
        this.isTimer = isTimer;
        this.isAlone = isAlone;
        this.begin = begin;
    }

    /// A run is due, which is begun soon if it is ours. One that isn't later than the last one is none: a clock that is
    /// set back has it again.
    public void due(Instant time) {
        if (!ended && time.isAfter(last)) {
            last = time;
            waiting.addLast(time);
            askNext();
        }
    }

    /// Begins nothing more.
    public void end() {
        ended = true;
        if (asking) {
            waiting.removeFirst(); // whose it is, is soon known
        }
        waiting.forEach(this::leaveOut);
        waiting.clear();
        tellLeftOut(name.get());
    }

    /// What has happened so far.
    public Counts counts() {
        return new Counts(begun, others, leftOut);
    }

    private void askNext() {
        if (asking || ended) {
            return;
        }
        Instant oldest = terms.clock().instant().minus(terms.mostLate());
        Instant time = waiting.peekFirst();
        while (time != null && (time.isBefore(oldest) || (isTimer && waiting.size() > 1))) {
            leaveOut(waiting.removeFirst());
            time = waiting.peekFirst();
        }
        if (time == null) {
            return;
        }
        asking = true;
        Question question = new Question(name.get(), time);
        terms.place().ask(question::ask, () -> answered(question));
    }

    /// Asked elsewhere, and looked at afterwards.
    private final class Question {
        private final String job;
        private final Instant time;
        private ProgramRuns.@Nullable Whose whose;
        private @Nullable RuntimeException failure;

        Question(String job, Instant time) {
            this.job = job;
            this.time = time;
        }

        void ask() {
            try {
                ProgramRuns.Whose answer = terms.runs().claim(job, time);
                whose = isAlone && answer == ProgramRuns.Whose.OURS ? held() : answer;
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        // A run whose job is another's now is nobody's.
        private ProgramRuns.Whose held() {
            return terms.runs().hold(job) == ProgramRuns.Whose.ANOTHERS
                    ? ProgramRuns.Whose.ANOTHERS
                    : ProgramRuns.Whose.OURS;
        }
    }

    private void answered(Question question) {
        asking = false;
        ProgramRuns.Whose whose = question.whose;
        if (ended) {
            if (whose != ProgramRuns.Whose.ANOTHERS) {
                leaveOut(question.time);
                tellLeftOut(question.job);
            }
            return;
        }
        if (whose == ProgramRuns.Whose.UNKNOWN && whenGone == SharedRunOptions.WhenGone.WAIT) {
            terms.place().later(PAUSE, this::askNext);
            return;
        }
        waiting.removeFirst();
        switch (whose) {
            case null -> {
                leftOut++;
                LOG.log(
                        Level.ERROR,
                        "%s@%s is left out: it can't be claimed".formatted(question.job, question.time),
                        question.failure);
            }
            case ANOTHERS -> others++;
            case OURS, UNKNOWN -> {
                begun++;
                begin.run();
            }
        }
        tellLeftOut(question.job);
        askNext();
    }

    private void leaveOut(Instant time) {
        leftOut++;
        if (unsaid++ == 0) {
            firstUnsaid = time;
        }
    }

    // When the store is back, and not for each.
    private void tellLeftOut(String job) {
        if (unsaid > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0}: runs left out, since nobody could say in time whose they are ({1}): {2}, the first one of {3}",
                    job,
                    terms.mostLateName(),
                    unsaid,
                    firstUnsaid);
            unsaid = 0;
        }
    }
}
