package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Functions of the C library that Java has no call for, on Linux with pointers of 64 bits. At the start and now and
/// then, so none of them is quick.
///
/// The C library gives the calls that change a process's user to each of its threads, as POSIX asks for; the kernel
/// knows users of threads alone (setuid(2), "C library/kernel differences").
final class SystemCalls {
    static final int WRITE_ONLY = 1;
    static final int CREATE = 0100;
    static final int TRUNCATE = 01000;
    static final int APPEND = 02000;
    static final int CLOSE_ON_EXEC = 02000000;

    private static final int DUPLICATE_CLOSED_ON_EXEC = 1030; // F_DUPFD_CLOEXEC
    private static final int OPEN_FILES = 7;
    private static final int INTERRUPTED = 4; // EINTR
    private static final int MOST_GROUPS = 65536;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // On Linux, with x86-64 as with aarch64, six words go by registers, and a function looks at those that it has
    // parameters for, also where their number varies; an int is the lower half of one. So one handle does for all, and
    // the
    // start is spared some twenty classes for each signature that the JDK would make one for.
    private static final int WORDS = 6;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    @SuppressWarnings("restricted") // jvm.options allows it
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD), Linker.Option.captureCallState("errno"));

    /// A user of the system, struct passwd of getpwnam(3).
    record User(String name, int uid, int gid) {}

    private SystemCalls() {}

    // ---- descriptors and files

    /// @return the descriptor
    static int open(String path, int flags, int mode) throws IOException {
        return check("open", call("open", path, flags, mode));
    }

    /// @return its descriptor
    static int socket(int family, int type) throws IOException {
        return check("socket", call("socket", family, type, 0));
    }

    /// A further number for an open file, over those of the standard ones; closed in what is executed.
    static int duplicate(int descriptor) throws IOException {
        return check("fcntl", call("fcntl", descriptor, DUPLICATE_CLOSED_ON_EXEC, 3));
    }

    static void dup2(int from, int to) throws IOException {
        check("dup2", call("dup2", from, to));
    }

    static void close(int descriptor) throws IOException {
        check("close", call("close", descriptor));
    }

    static void fchmod(int descriptor, int mode) throws IOException {
        check("fchmod", call("fchmod", descriptor, mode));
    }

    static void fchown(int descriptor, int uid, int gid) throws IOException {
        check("fchown", call("fchown", descriptor, uid, gid));
    }

    /// Not of what a link names, but of the link.
    static void lchown(String path, int uid, int gid) throws IOException {
        check("lchown", call("lchown", path, uid, gid));
    }

    /// Makes a named pipe.
    static void makeFifo(String path, int mode) throws IOException {
        check("mkfifo", call("mkfifo", path, mode));
    }

    // ---- processes

    static int effectiveUser() {
        return call("geteuid").value();
    }

    static int effectiveGroup() {
        return call("getegid").value();
    }

    /// How many files may be open (RLIMIT_NOFILE), where the largest numbers stand for no limit.
    record OpenFiles(long soft, long hard) {}

    static OpenFiles openFiles() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
            check("getrlimit", call("getrlimit", OPEN_FILES, limit));
            return new OpenFiles(
                    limit.getAtIndex(ValueLayout.JAVA_LONG, 0), limit.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }

    static void setOpenFiles(OpenFiles files) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, files.soft(), files.hard());
            check("setrlimit", call("setrlimit", OPEN_FILES, limit));
        }
    }

    static void umask(int mask) {
        call("umask", mask);
    }

    static void newSession() throws IOException {
        check("setsid", call("setsid"));
    }

    static void kill(int pid, int signal) throws IOException {
        check("kill", call("kill", pid, signal));
    }

    static void setGroups(List<Integer> groups) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocateFrom(
                    ValueLayout.JAVA_INT,
                    groups.stream().mapToInt(Integer::intValue).toArray());
            check("setgroups", call("setgroups", (long) groups.size(), list));
        }
    }

    static void setGroup(int gid) throws IOException {
        check("setgid", call("setgid", gid));
    }

    static void setUser(int uid) throws IOException {
        check("setuid", call("setuid", uid));
    }

    // ---- users and groups

    static Optional<User> user(String name) {
        return userAt(pointer("getpwnam", name));
    }

    static Optional<User> user(int uid) {
        return userAt(pointer("getpwuid", uid));
    }

    static Optional<Integer> group(String name) {
        MemorySegment group = pointer("getgrnam", name);
        return isNull(group) ? Optional.empty() : Optional.of(sized(group, 24).get(ValueLayout.JAVA_INT, 16));
    }

    static Optional<String> groupName(int gid) {
        MemorySegment group = pointer("getgrgid", gid);
        return isNull(group) ? Optional.empty() : Optional.of(text(sized(group, 24), 0));
    }

    /// The groups that a user is in, getgrouplist(3); the given one among them.
    static List<Integer> groups(String user, int gid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, MOST_GROUPS);
            MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_INT, MOST_GROUPS);
            call("getgrouplist", user, gid, list, count);
            int found = Math.min(count.get(ValueLayout.JAVA_INT, 0), MOST_GROUPS);
            return Arrays.stream(list.asSlice(0, found * 4L).toArray(ValueLayout.JAVA_INT))
                    .boxed()
                    .toList();
        }
    }

    private static Optional<User> userAt(MemorySegment at) {
        if (isNull(at)) {
            return Optional.empty();
        }
        MemorySegment user = sized(at, 48);
        return Optional.of(
                new User(text(user, 0), user.get(ValueLayout.JAVA_INT, 16), user.get(ValueLayout.JAVA_INT, 20)));
    }

    private static String text(MemorySegment struct, long offset) {
        return sized(struct.get(ValueLayout.ADDRESS, offset), Integer.MAX_VALUE).getString(0);
    }

    private static boolean isNull(MemorySegment pointer) {
        return pointer.equals(MemorySegment.NULL);
    }

    // ---- memory

    /// Bytes of this process's memory, by their address.
    @SuppressWarnings("restricted") // jvm.options allows it
    static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @SuppressWarnings("restricted") // jvm.options allows it
    private static MemorySegment sized(MemorySegment pointer, long bytes) {
        return pointer.reinterpret(bytes);
    }

    // ---- calls

    record Outcome(int value, int error) {}

    /// What strerror(3) calls an error.
    static String errorText(int error) {
        return sized(pointer("strerror", error), 1024).getString(0);
    }

    /// The value of a call.
    ///
    /// @throws IOException if the call has failed; the message says why
    static int check(String function, Outcome outcome) throws IOException {
        if (outcome.value() < 0) {
            throw new IOException("%s: %s".formatted(function, errorText(outcome.error())));
        }
        return outcome.value();
    }

    /// Calls a function whose result is negative where it fails, and goes on where a signal has interrupted it.
    static int checked(String function, Object... arguments) throws IOException {
        Outcome outcome = call(function, arguments);
        while (outcome.value() < 0 && outcome.error() == INTERRUPTED) {
            outcome = call(function, arguments);
        }
        return check(function, outcome);
    }

    /// Calls a function that returns an int, or what is as good as one.
    ///
    /// @param arguments Integer, Long, String or MemorySegment; six at most
    static Outcome call(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long value = invoke(function, state, arena, arguments);
            return new Outcome((int) value, (int) ERRNO.get(state, 0L));
        }
    }

    private static MemorySegment pointer(String function, Object argument) {
        try (Arena arena = Arena.ofConfined()) {
            return MemorySegment.ofAddress(invoke(function, arena.allocate(STATE), arena, argument));
        }
    }

    private static long invoke(String function, MemorySegment state, Arena arena, Object... arguments) {
        long[] words = new long[WORDS];
        for (int i = 0; i < arguments.length; i++) {
            words[i] = word(arguments[i], arena);
        }
        MemorySegment address = LINKER.defaultLookup().findOrThrow(function);
        try {
            return (long) CALL.invokeExact(address, state, words[0], words[1], words[2], words[3], words[4], words[5]);
        } catch (Throwable e) {
            throw new IllegalStateException(function + " can't be called", e);
        }
    }

    private static long word(Object argument, Arena arena) {
        return switch (argument) {
            case Integer number -> number;
            case Long number -> number;
            case String text -> arena.allocateFrom(text).address();
            case MemorySegment memory -> memory.address();
            default -> throw new IllegalArgumentException(argument + " is no argument of a function in C");
        };
    }
}
