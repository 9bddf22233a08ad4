package dev.loomgate.jwsgi;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the class `uwsgi` does for one program; only that class calls it. Any thread.
public final class ProgramFunctions {
    /// A function that is called by its name.
    @FunctionalInterface
    public interface Function {
        /// @return null, or nothing, for no answer
        @Nullable
        String call(String... arguments);
    }

    private static final System.Logger LOG = System.getLogger(ProgramFunctions.class.getName());

    private final Map<String, Function> functions = new ConcurrentHashMap<>();
    private final ProgramLocks locks = new ProgramLocks();
    private final ProgramCaches caches = new ProgramCaches(System::nanoTime);

    /// For the class `uwsgi`.
    public ProgramFunctions() {}

    /// Which worker this is: always 1, since one process answers all requests.
    public int workerId() {
        return 1;
    }

    /// Why no signal can be registered.
    public UnsupportedOperationException noSignals() {
        return new UnsupportedOperationException("uwsgi.register_signal: only Python programs have signals here, and"
                + " nothing raises one for a Java program");
    }

    /// Why no alarm can be raised.
    public UnsupportedOperationException noAlarms() {
        return new UnsupportedOperationException(
                "uwsgi.alarm: no alarms are offered; write to the log, and let what reads it raise them");
    }

    /// Makes a function known by a name, in place of the one that had it.
    public void register(String name, Function function) {
        functions.put(name, function);
    }

    /// Calls a function.
    ///
    /// @param arguments the server, which is empty for this one; the function's name; its arguments
    /// @return what it returns; null if there is no such function, or no answer, or if it throws, which is logged:
    /// as in uWSGI
    /// @throws UnsupportedOperationException if it is another server's
    public @Nullable String call(String... arguments) {
        if (arguments.length < 2) {
            return null;
        }
        if (!arguments[0].isEmpty()) {
            throw new UnsupportedOperationException("uwsgi.rpc: functions of this program are called, not those of"
                    + " another server: the first argument has to be empty");
        }
        Function function = functions.get(arguments[1]);
        if (function == null) {
            return null;
        }
        try {
            String answer = function.call(Arrays.copyOfRange(arguments, 2, arguments.length));
            return answer == null || answer.isEmpty() ? null : answer;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the function \"" + arguments[1] + "\" of uwsgi.rpc fails", e);
            return null;
        }
    }

    /// Takes a lock; waits for it.
    ///
    /// @throws IllegalArgumentException if the number is negative
    public void lock(int number) {
        locks.lock(number);
    }

    /// Gives a lock back.
    ///
    /// @throws IllegalStateException if it isn't taken
    public void unlock(int number) {
        locks.unlock(number);
    }

    /// A value; null if there is none.
    ///
    /// @param cache its name; empty for the one that has none
    public byte @Nullable [] cached(String cache, String key) {
        return caches.get(cache, key);
    }

    /// Keeps a value, unless there is one of that key.
    ///
    /// @param seconds for how long; 0 for no end
    /// @throws IllegalArgumentException if the value is too long for a cache
    public void cacheNew(String cache, String key, byte[] value, int seconds) {
        caches.put(cache, key, value, seconds, false);
    }

    /// Keeps a value.
    ///
    /// @param seconds for how long; 0 for no end
    /// @throws IllegalArgumentException if the value is too long for a cache
    public void cache(String cache, String key, byte[] value, int seconds) {
        caches.put(cache, key, value, seconds, true);
    }
}
