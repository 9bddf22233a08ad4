package dev.loomgate.python.snapshot;

import java.time.Instant;
import java.util.List;

/// A worker at a moment: the processes that have had its number one after the other, and the one that has it now.
///
/// @param number from 1 on
/// @param pid of the process; 0 where there is none
/// @param serves whether it is given requests
/// @param work what all these processes have done
/// @param processRequests how many requests this process has answered
/// @param meanNanos how long requests have taken on average that have ended since the snapshot before
/// @param spawns how many processes there have been
/// @param lastSpawn when the last one was forked; the epoch where there has been none
/// @param residentBytes of its memory
/// @param addressBytes of its address space
/// @param cores the places that requests have in it, as many as it may run at once
public record WorkerSnapshot(
        int number,
        Status status,
        long pid,
        boolean serves,
        WorkDone work,
        long processRequests,
        long meanNanos,
        int spawns,
        Instant lastSpawn,
        long residentBytes,
        long addressBytes,
        List<CoreSnapshot> cores) {
    /// What a worker does.
    public enum Status {
        /// It has no request.
        IDLE,
        /// It has some.
        BUSY,
        /// There is no process: none is needed, or the next one isn't there yet.
        CHEAP
    }

    public WorkerSnapshot {
        cores = List.copyOf(cores);
    }

    /// How many of its places have a request.
    public int busyCores() {
        return (int) cores.stream().filter(core -> core.request() != null).count();
    }

    /// The same with its memory.
    public WorkerSnapshot withMemory(long resident, long address) {
        return new WorkerSnapshot(
                number,
                status,
                pid,
                serves,
                work,
                processRequests,
                meanNanos,
                spawns,
                lastSpawn,
                resident,
                address,
                cores);
    }
}
