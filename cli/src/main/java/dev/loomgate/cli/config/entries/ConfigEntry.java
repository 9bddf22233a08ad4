package dev.loomgate.cli.config.entries;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A key and its value, as they were given.
///
/// @param value null if none was given, as for `--master` on the command line; a file's `master` has the empty text
public record ConfigEntry(String key, @Nullable String value, Origin origin) {
    /// The value; empty if none was given.
    public String text() {
        return Objects.requireNonNullElse(value, "");
    }

    /// Whether a flag with this value is on: anything but `false`, `off`, `no` and `0` is, and so is no value.
    public boolean isOn() {
        return value == null
                || !(value.equalsIgnoreCase("false")
                        || value.equalsIgnoreCase("off")
                        || value.equalsIgnoreCase("no")
                        || value.equals("0"));
    }
}
