package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Spoolers: processes that do tasks which a program has written to a directory, in files as uWSGI has them.
///
/// @param directories each is worked off by spoolers of its own; one that isn't there is made
/// @param externals to these the program may write tasks as well; another server works them off
/// @param processes how many spoolers a directory has, 1 to 64
/// @param frequency how often a spooler looks for tasks of which it isn't told, a second or more
/// @param ordered whether tasks run in the order of their names, those with a priority first
/// @param maxTasks after so many tasks a spooler is replaced; 0 for never
/// @param signalsCount whether the handler of a signal counts as a task
/// @param taskLimit a spooler that is longer at one task is killed; zero for no limit
/// @param runIn the working directory of tasks; or null for the one that the task's file is in
/// @param imports what a spooler imports, besides the program: modules, or files; a failure is logged
/// @param quiet whether the log doesn't tell of each task
/// @param sync whether a task has to be on the disk before the program goes on
public record SpoolerOptions(
        List<Path> directories,
        List<Path> externals,
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
        directories = List.copyOf(directories);
        externals = List.copyOf(externals);
        imports = List.copyOf(imports);
        InvalidSetting.requireBetween(1, MOST_PROCESSES, "spoolerProcesses", processes);
        if (frequency.compareTo(LEAST_FREQUENCY) < 0) {
            throw new InvalidSetting("spoolerFrequency", "is " + frequency + ", it must be a second or more");
        }
        InvalidSetting.requireNotNegative("spoolerMaxTasks", maxTasks);
        InvalidSetting.requireNotNegative("spoolerTaskLimit", taskLimit);
    }

    /// No spooler.
    public static SpoolerOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// All directories that the program may write tasks to, in the order of `uwsgi.spoolers`.
    public List<Path> all() {
        return Stream.concat(directories.stream(), externals.stream()).toList();
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
        private List<Path> directories = List.of();
        private List<Path> externals = List.of();
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

        public Builder directories(List<Path> places) {
            directories = places;
            return this;
        }

        public Builder externals(List<Path> places) {
            externals = places;
            return this;
        }

        /// @param count 1 to 64, for each directory
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
                    directories,
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
