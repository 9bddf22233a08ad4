package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;

/// How a worker process runs requests.
public sealed interface WorkerMode {
    /// One request at a time, on the worker's main thread.
    record Sync() implements WorkerMode {
        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public String setting() {
            return "processes";
        }
    }

    /// Each request on a thread of its own.
    ///
    /// @param number of threads, 1 to 1024
    record Threads(int number) implements WorkerMode {
        /// @throws IllegalArgumentException if the number is out of range
        public Threads {
            InvalidSetting.requireBetween(1, 1024, "threads", number);
        }

        @Override
        public int concurrency() {
            return number;
        }

        @Override
        public String setting() {
            return "threads";
        }
    }

    /// Each request in a greenlet whose parent runs an asyncio loop: uWSGI's semantics.
    ///
    /// @param requests that may run at once, 1 to 65,536
    record Asyncio(int requests) implements WorkerMode {
        /// @throws IllegalArgumentException if the number is out of range
        public Asyncio {
            InvalidSetting.requireBetween(1, 65_536, "asyncio", requests);
        }

        @Override
        public int concurrency() {
            return requests;
        }

        @Override
        public String setting() {
            return "asyncio";
        }
    }

    /// Each request in a greenlet of gevent's.
    ///
    /// @param requests that may run at once, 1 to 65,536
    /// @param patch when the standard library is made to wait by gevent's hub
    record Gevent(int requests, Patch patch) implements WorkerMode {
        /// When `gevent.monkey.patch_all()` is called.
        public enum Patch {
            /// Never: the program does so itself, or knows what it calls.
            NEVER,
            /// Before anything of the program is imported.
            BEFORE_LOAD,
            /// In each worker, when the program is there.
            AFTER_LOAD
        }

        /// @throws IllegalArgumentException if the number is out of range
        public Gevent {
            InvalidSetting.requireBetween(1, 65_536, "gevent", requests);
        }

        @Override
        public int concurrency() {
            return requests;
        }

        @Override
        public String setting() {
            return "gevent";
        }
    }

    /// How many requests run at once in a worker.
    int concurrency();

    /// The setting that gives more requests room.
    String setting();
}
