package dev.loomgate.jwsgi.program;

import dev.loomgate.jwsgi.ProgramFunctions;
import dev.loomgate.jwsgi.RequestInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// What a JWSGI program asks its server for, with the names and types of uWSGI's `uwsgi.jar`. Each function does what
/// [ProgramFunctions] says, or throws an [UnsupportedOperationException] that says why it doesn't.
@SuppressWarnings({"MemberName", "DoNotCallSuggester"}) // uWSGI's names, of which two only say why they can't
public class uwsgi {
    private static final ProgramFunctions SERVER = new ProgramFunctions();

    /// What the server was started with: texts, `Boolean.TRUE`, and lists of both.
    public static HashMap<String, Object> opt = new HashMap<>();

    /// The body of the request that the calling thread answers when this is made.
    public static class RequestBody extends InputStream {
        private final RequestInput input = RequestInput.current();

        public RequestBody() {}

        @Override
        public int read() throws IOException {
            return input.read();
        }

        @Override
        public int read(byte[] b) throws IOException {
            return input.read(b);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return input.read(b, off, len);
        }

        /// Reads up to and including the next line feed, or until the array is full.
        ///
        /// @return how many bytes; -1 at the end of the body
        public int readLine(byte[] b) throws IOException {
            return input.readLine(b);
        }

        @Override
        public int available() throws IOException {
            return input.available();
        }

        /// Goes on reading at another place.
        public void seek(int pos) throws IOException {
            input.seek(pos);
        }
    }

    /// What is called for a signal.
    public interface SignalHandler {
        void function(int signum);
    }

    /// What is called by its name.
    public interface RpcFunction {
        @Nullable
        String function(String... args);
    }

    public static int worker_id() {
        return SERVER.workerId();
    }

    public static void register_signal(int signum, String target, SignalHandler sh) {
        throw SERVER.noSignals();
    }

    public static void register_rpc(String name, RpcFunction rf) {
        SERVER.register(name, rf::function);
    }

    public static void lock() {
        SERVER.lock(0);
    }

    public static void unlock() {
        SERVER.unlock(0);
    }

    public static void lock(int locknum) {
        SERVER.lock(locknum);
    }

    public static void unlock(int locknum) {
        SERVER.unlock(locknum);
    }

    public static byte @Nullable [] cache_get(String key) {
        return SERVER.cached("", key);
    }

    public static byte @Nullable [] cache_get(String key, String cache) {
        return SERVER.cached(cache, key);
    }

    public static void cache_set(String key, byte[] value) {
        SERVER.cacheNew("", key, value, 0);
    }

    public static void cache_update(String key, byte[] value) {
        SERVER.cache("", key, value, 0);
    }

    public static void cache_set(String key, byte[] value, int expires) {
        SERVER.cacheNew("", key, value, expires);
    }

    public static void cache_update(String key, byte[] value, int expires) {
        SERVER.cache("", key, value, expires);
    }

    public static void cache_set(String key, byte[] value, int expires, String cache) {
        SERVER.cacheNew(cache, key, value, expires);
    }

    public static void cache_update(String key, byte[] value, int expires, String cache) {
        SERVER.cache(cache, key, value, expires);
    }

    public static void alarm(String alarm, String msg) {
        throw SERVER.noAlarms();
    }

    public static @Nullable String rpc(String... args) {
        return SERVER.call(args);
    }
}
