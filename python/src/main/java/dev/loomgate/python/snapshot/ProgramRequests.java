package dev.loomgate.python.snapshot;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;

/// The requests of a Python application that run at a moment.
///
/// @param given those that it has been given by the server: by what their microthreads were started
/// for, in a map that compares by identity
/// @param taken those that workers have taken themselves, the oldest of each worker first
public record ProgramRequests(IdentityHashMap<Object, Place> given, List<Taken> taken) {
    public ProgramRequests {
        given = new IdentityHashMap<>(given);
        taken = List.copyOf(taken);
    }

    /// Which worker has a request.
    ///
    /// @param worker its number, from 1 on; 0 while the request waits for one
    /// @param pid of its process; 0 likewise
    public record Place(int worker, long pid) {
        /// It waits for a worker.
        public static final Place NONE = new Place(0, 0);
    }

    /// A request that a worker has taken itself.
    ///
    /// @param handle which no other one of the program has: `w2-k3f9`
    /// @param target as it came: text from outside
    /// @param client its address; empty where it isn't known
    public record Taken(String handle, Duration age, String method, String target, String client, Place place) {}
}
