package dev.loomgate.python.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A Python application at a moment.
///
/// @param name what people know the program by: the module or the file
/// @param generation how many times the program was imported until the version that serves; 0 while none does
/// @param loadTime how long the last import took that succeeded, until its workers were ready
/// @param waiting requests that no worker has got yet
/// @param isAsleep whether no worker is needed before the next request
/// @param workers by their numbers, those among them that there is no process for
/// @param caches those that the program has used, by their names
/// @param channels of its channel layers
/// @param spools the directories of its spoolers
/// @param mules by their numbers
/// @param locks numbers of the locks that are held, with the ids of the processes that hold them; 0 for an import
public record ProgramSnapshot(
        String name,
        int generation,
        Duration loadTime,
        int waiting,
        boolean isAsleep,
        List<WorkerSnapshot> workers,
        List<CacheSnapshot> caches,
        ChannelSnapshot channels,
        List<SpoolSnapshot> spools,
        List<BackgroundSnapshot> mules,
        Map<Long, Long> locks) {
    public ProgramSnapshot {
        workers = List.copyOf(workers);
        caches = List.copyOf(caches);
        spools = List.copyOf(spools);
        mules = List.copyOf(mules);
        locks = Map.copyOf(locks);
    }

    /// The same with what is in files: workers that have their memory, and directories that have their tasks.
    public ProgramSnapshot with(List<WorkerSnapshot> theirWorkers, List<SpoolSnapshot> theirSpools) {
        return new ProgramSnapshot(
                name,
                generation,
                loadTime,
                waiting,
                isAsleep,
                theirWorkers,
                caches,
                channels,
                theirSpools,
                mules,
                locks);
    }
}
