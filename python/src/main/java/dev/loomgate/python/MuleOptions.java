package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Mules: processes beside a program's workers that answer no requests, but run code of the program's own or have
/// messages passed to it (`uwsgi.mule_msg`).
///
/// @param programs what each mule runs, the first one's first: `FILE.py`, `MODULE:FUNCTION`, or an empty text for
/// nothing but messages; at most 1024
/// @param farms groups of them
/// @param messageLimit how long the program's function may take for a message; zero for no limit
/// @param messageSize bytes of messages that each queue has room for; 0 for what the kernel gives a socket
/// @param receiveSize the most bytes of a message that the program's function gets, at least 1
/// @param reloadMercy how long a mule may take to end
public record MuleOptions(
        List<String> programs,
        List<Farm> farms,
        Duration messageLimit,
        int messageSize,
        int receiveSize,
        Duration reloadMercy) {
    private static final int MOST = 1024;
    private static final int MOST_SIZE = 64 << 20;

    /// Mules that share a queue of messages.
    ///
    /// @param mules their numbers, from 1
    public record Farm(String name, List<Integer> mules) {
        public Farm {
            mules = List.copyOf(mules);
        }
    }

    /// @throws IllegalArgumentException if one is out of range; the message names it
    public MuleOptions {
        programs = List.copyOf(programs);
        farms = List.copyOf(farms);
        if (programs.size() > MOST) {
            throw new InvalidSetting("mules", "are %d, they must be at most %d".formatted(programs.size(), MOST));
        }
        InvalidSetting.requireNotNegative("muleMessageLimit", messageLimit);
        InvalidSetting.requireBetween(0, MOST_SIZE, "muleMessageSize", messageSize);
        InvalidSetting.requireBetween(1, MOST_SIZE, "muleReceiveSize", receiveSize);
        InvalidSetting.requireNotNegative("muleReloadMercy", reloadMercy);
        Set<String> names = new HashSet<>();
        for (Farm farm : farms) {
            if (!names.add(farm.name())) {
                throw new InvalidSetting("farms", "has '%s' twice".formatted(farm.name()));
            }
            for (int mule : farm.mules()) {
                if (mule < 1 || mule > programs.size()) {
                    throw new InvalidSetting(
                            "farms",
                            "has mule %d in '%s', and there are %d mules"
                                    .formatted(mule, farm.name(), programs.size()));
                }
            }
        }
    }

    /// No mules.
    public static MuleOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some. Used by one thread.
    public static final class Builder {
        private List<String> programs = List.of();
        private List<Farm> farms = List.of();
        private Duration messageLimit = Duration.ZERO;
        private int messageSize;
        private int receiveSize = 65536;
        private Duration reloadMercy = Duration.ofSeconds(60);

        private Builder() {}

        /// @param ofEach empty for a mule that runs nothing
        public Builder programs(List<String> ofEach) {
            programs = ofEach;
            return this;
        }

        public Builder farms(List<Farm> groups) {
            farms = groups;
            return this;
        }

        /// @param time zero for no limit
        public Builder messageLimit(Duration time) {
            messageLimit = time;
            return this;
        }

        /// @param bytes 0 for what the kernel gives a socket
        public Builder messageSize(int bytes) {
            messageSize = bytes;
            return this;
        }

        /// @param bytes at least 1
        public Builder receiveSize(int bytes) {
            receiveSize = bytes;
            return this;
        }

        public Builder reloadMercy(Duration time) {
            reloadMercy = time;
            return this;
        }

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public MuleOptions build() {
            return new MuleOptions(programs, farms, messageLimit, messageSize, receiveSize, reloadMercy);
        }
    }
}
