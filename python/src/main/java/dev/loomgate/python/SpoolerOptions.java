package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Spoolers: processes that do tasks which a program has written to a directory, in files as uWSGI
/// has them, or to a queue that several servers share.
///
/// @param places each is worked off by spoolers of its own; a directory that isn't there is made
/// @param externals to these the program may write tasks as well; another server works them off
/// @param processes how many spoolers a place has, 1 to 64
/// @param frequency how often a spooler looks into its directory for tasks of which it isn't told, a
/// second or more
/// @param ordered whether tasks of a directory run in the order of their names, those with a priority first
/// @param maxTasks after so many tasks a spooler is replaced; 0 for never
/// @param signalsCount whether the handler of a signal counts as a task
/// @param taskLimit a spooler that is longer at one task is killed; zero for no limit
/// @param runIn the working directory of tasks; or null for the one that the task's file is in, and
/// for a queue's the program's
/// @param imports what a spooler imports, besides the program: modules, or files; a failure is logged
/// @param quiet whether the log doesn't tell of each task
/// @param sync whether a task has to be on the disk before the program goes on; for directories
public record SpoolerOptions(
        List<SpoolPlace> places,
        List<SpoolPlace> externals,
        int processes,
        Duration frequency,
        boolean ordered,
        int maxTasks,
        boolean signalsCount,
        Duration taskLimit,
        @Nullable Path runIn,
        List<String> imports,
        boolean quiet,
        boolean sync) {
    private static final int MOST_PROCESSES = 64;
    private static final Duration LEAST_FREQUENCY = Duration.ofSeconds(1);

    /// @throws IllegalArgumentException if one is out of range; the message names it
    public SpoolerOptions {
        places = List.copyOf(places);
        externals = List.copyOf(externals);
        imports = List.copyOf(imports);
        InvalidSetting.requireBetween(1, MOST_PROCESSES, "spoolerProcesses", processes);
        if (frequency.compareTo(LEAST_FREQUENCY) < 0) {
            throw new InvalidSetting("spoolerFrequency", "is " + frequency + ", it must be a second or more");
        }
        InvalidSetting.requireNotNegative("spoolerMaxTasks", maxTasks);
        InvalidSetting.requireNotNegative("spoolerTaskLimit", taskLimit);
        requireQueues(places, externals, processes);
        if (sync && !places.isEmpty() && queues(places).count() == places.size()) {
            throw new InvalidSetting(
                    "spoolerSync",
                    "is for directories, and there is none: Redis says how safe a queue's tasks are (appendfsync)");
        }
    }

    private static void requireQueues(List<SpoolPlace> places, List<SpoolPlace> externals, int processes) {
        Set<String> names = new HashSet<>();
        queues(Stream.concat(places.stream(), externals.stream()).toList()).forEach(queue -> {
            if (!names.add(queue.name())) {
                throw new InvalidSetting("spoolers", "names " + queue + " twice");
            }
        });
        queues(places).forEach(queue -> {
            if (queue.prefetch() > 0 && queue.prefetch() < processes) {
                throw new InvalidSetting(
                        "spoolers",
                        "%s: prefetch is %d, it must be at least the %d spoolers"
                                .formatted(queue, queue.prefetch(), processes));
            }
        });
    }

    private static Stream<SpoolPlace.Queue> queues(List<SpoolPlace> places) {
        return places.stream().filter(SpoolPlace.Queue.class::isInstance).map(SpoolPlace.Queue.class::cast);
    }

    /// No spooler.
    public static SpoolerOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// All places that the program may write tasks to, in the order of `uwsgi.spoolers`.
    public List<SpoolPlace> all() {
        return Stream.concat(places.stream(), externals.stream()).toList();
    }

    /// The queues among them.
    public List<SpoolPlace.Queue> queues() {
        return queues(all()).toList();
    }

    /// The same for another program beside this one, whose tasks are worked off by this one's spoolers.
    public SpoolerOptions elsewhere() {
        return new SpoolerOptions(
                List.of(),
                all(),
                processes,
                frequency,
                ordered,
                maxTasks,
                signalsCount,
                taskLimit,
                runIn,
                imports,
                quiet,
                sync);
    }

    /// Changes some. Used by one thread.
    public static final class Builder {
        private List<SpoolPlace> places = List.of();
        private List<SpoolPlace> externals = List.of();
        private int processes = 1;
        private Duration frequency = Duration.ofSeconds(30);
        private boolean ordered;
        private int maxTasks;
        private boolean signalsCount;
        private Duration taskLimit = Duration.ZERO;
        private @Nullable Path runIn;
        private List<String> imports = List.of();
        private boolean quiet;
        private boolean sync;

        private Builder() {}

        public Builder places(List<? extends SpoolPlace> all) {
            places = List.copyOf(all);
            return this;
        }

        public Builder externalPlaces(List<? extends SpoolPlace> all) {
            externals = List.copyOf(all);
            return this;
        }

        /// [#places] that are directories.
        public Builder directories(List<Path> paths) {
            return places(paths.stream().map(SpoolPlace.Directory::new).toList());
        }

        /// [#externalPlaces] that are directories.
        public Builder externals(List<Path> paths) {
            return externalPlaces(paths.stream().map(SpoolPlace.Directory::new).toList());
        }

        /// @param count 1 to 64, for each place
        public Builder processes(int count) {
            processes = count;
            return this;
        }

        /// @param every a second or more
        public Builder frequency(Duration every) {
            frequency = every;
            return this;
        }

        public Builder ordered(boolean on) {
            ordered = on;
            return this;
        }

        /// @param tasks not negative; 0 for no limit
        public Builder maxTasks(int tasks) {
            maxTasks = tasks;
            return this;
        }

        /// @param on whether the handler of a signal counts for [#maxTasks]
        public Builder signalsCount(boolean on) {
            signalsCount = on;
            return this;
        }

        /// @param most not negative; zero for no limit
        public Builder taskLimit(Duration most) {
            taskLimit = most;
            return this;
        }

        public Builder runIn(@Nullable Path directory) {
            runIn = directory;
            return this;
        }

        public Builder imports(List<String> names) {
            imports = names;
            return this;
        }

        public Builder quiet(boolean on) {
            quiet = on;
            return this;
        }

        public Builder sync(boolean on) {
            sync = on;
            return this;
        }

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public SpoolerOptions build() {
            return new SpoolerOptions(
                    places,
                    externals,
                    processes,
                    frequency,
                    ordered,
                    maxTasks,
                    signalsCount,
                    taskLimit,
                    runIn,
                    imports,
                    quiet,
                    sync);
        }
    }
}
