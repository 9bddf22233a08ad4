package dev.loomgate.micrometer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The last answer of what may be slow or gone, such as a database. Any thread.
///
/// A thread of its own asks, one question at a time, and only if the last answer is older than wanted. Who wants the
/// answer waits for it, but never past `patience` since the question: so all meters of a registry together wait once,
/// and while the other side hangs each of them says at once that nothing is known.
final class Asked<T> {
    private static final Logger LOGGER = System.getLogger("dev.loomgate.micrometer");

    private final String whom;
    private final Callable<Optional<T>> question;
    private final long keptNanos;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private Optional<T> last = Optional.empty(); // by lock, as what follows
    private Optional<T> known = Optional.empty();
    private boolean isAsking;
    private boolean wasAsked;
    private long begun;
    private long ended;
    private boolean isFailing;

    /// @param whom for the log
    /// @param question its answer is empty if the other side is known to be gone
    /// @param kept how old an answer may be
    /// @param patience how long an answer is waited for
    Asked(String whom, Callable<Optional<T>> question, Duration kept, Duration patience) {
        this.whom = whom;
        this.question = question;
        keptNanos = kept.toNanos();
        patienceNanos = patience.toNanos();
    }

    /// The answer; empty if there is none now.
    Optional<T> get() {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (!isAsking && (!wasAsked || now - ended > keptNanos)) {
                isAsking = true;
                wasAsked = true;
                begun = now;
                Thread.ofVirtual().name("loomgate-meters").start(this::ask);
            }
            while (isAsking) {
                long left = begun + patienceNanos - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                answered.await(left, TimeUnit.NANOSECONDS);
            }
            return last;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The same, or the last answer that there was: for what only grows.
    Optional<T> known() {
        Optional<T> now = get();
        if (now.isPresent()) {
            return now;
        }
        lock.lock();
        try {
            return known;
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        Optional<T> answer = Optional.empty();
        boolean hasFailed = true;
        try {
            answer = question.call();
            hasFailed = false;
        } catch (Exception e) {
            complain(e);
        } finally {
            lock.lock();
            try {
                isFailing = hasFailed;
                last = answer;
                known = answer.isPresent() ? answer : known;
                isAsking = false;
                ended = System.nanoTime();
                answered.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Once, until there is an answer.
    private void complain(Exception failure) {
        lock.lock();
        try {
            if (isFailing) {
                return;
            }
        } finally {
            lock.unlock();
        }
        LOGGER.log(Level.WARNING, "the meters of %s know nothing: it can't be asked".formatted(whom), failure);
    }
}
