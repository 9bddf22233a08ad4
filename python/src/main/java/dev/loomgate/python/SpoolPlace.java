package dev.loomgate.python;

import dev.loomgate.loop.settings.TimeText;
import java.nio.file.Path;
import java.time.Duration;

/// Where tasks are that a program has spooled.
public sealed interface SpoolPlace {
    /// A directory of this machine, with files as uWSGI has them.
    record Directory(Path path) implements SpoolPlace {
        /// As it was given.
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A queue in the [SharedOptions.Store], which the spoolers of several servers share.
    ///
    /// @param name letters, digits, `-`, `_` and `.`; queues of one name are one, those of Java
    /// programs as well
    /// @param length how many tasks may be in it, 1 to 1 billion
    /// @param bytes of a task that this program spools, 1 KiB to 1000 KiB
    /// @param dead how many given up tasks are kept, 1 to 1 million
    /// @param prefetch how many this server has fetched, those that run among them; at least as many as it has
    /// spoolers, at most 10,000; 0 for as many
    /// @param lease how long a server may be silent before others take its tasks over, 1 s to 1 h
    /// @param attempts after which a task is given up, 1 to 1000
    /// @param losses how many servers may be lost that have a task before it is given up, 1 to 1000
    /// @param backoff between the first two attempts, 10 ms to 1 day; then twice as long each time
    /// @param maxBackoff the longest of these times, up to 30 days
    record Queue(
            String name,
            long length,
            int bytes,
            int dead,
            int prefetch,
            Duration lease,
            int attempts,
            int losses,
            Duration backoff,
            Duration maxBackoff)
            implements SpoolPlace {
        /// What the text of one begins with.
        public static final String PREFIX = "redis:";

        /// The most of [#bytes]: a call of a worker's has room for it.
        public static final int MOST_BYTES = 1000 << 10;

        private static final long MOST_LENGTH = 1_000_000_000;
        private static final int MOST_DEAD = 1_000_000;
        private static final int MOST_PREFETCH = 10_000;
        private static final int MOST_ATTEMPTS = 1000;

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public Queue {
            if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "'%s' is no name of a queue: it has 1 to 64 letters, digits and -_.".formatted(name));
            }
            require(name, "length", length, 1, MOST_LENGTH);
            require(name, "size", bytes, 1 << 10, MOST_BYTES);
            require(name, "dead", dead, 1, MOST_DEAD);
            require(name, "prefetch", prefetch, 0, MOST_PREFETCH);
            require(name, "lease", lease, Duration.ofSeconds(1), Duration.ofHours(1));
            require(name, "attempts", attempts, 1, MOST_ATTEMPTS);
            require(name, "losses", losses, 1, MOST_ATTEMPTS);
            require(name, "backoff", backoff, Duration.ofMillis(10), Duration.ofDays(1));
            require(name, "max_backoff", maxBackoff, backoff, Duration.ofDays(30));
        }

        /// One with the usual limits: a million tasks of up to 1000 KiB, 10,000 given up ones, a
        /// lease of 30 s, 10 attempts and losses, 1 s to 1 h between attempts.
        ///
        /// @throws IllegalArgumentException if the name isn't one
        public static Queue of(String name) {
            return new Queue(
                    name,
                    1_000_000,
                    MOST_BYTES,
                    10_000,
                    0,
                    Duration.ofSeconds(30),
                    10,
                    10,
                    Duration.ofSeconds(1),
                    Duration.ofHours(1));
        }

        private static void require(String name, String what, long value, long least, long most) {
            if (value < least || value > most) {
                throw wrong(name, what, value, least, most);
            }
        }

        private static void require(String name, String what, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw wrong(name, what, TimeText.of(value), TimeText.of(least), TimeText.of(most));
            }
        }

        private static IllegalArgumentException wrong(
                String name, String what, Object value, Object least, Object most) {
            return new IllegalArgumentException(
                    "%s%s: %s is %s, it must be in %s to %s".formatted(PREFIX, name, what, value, least, most));
        }

        /// What programs know it by: `redis:mails`.
        @Override
        public String toString() {
            return PREFIX + name;
        }
    }
}
