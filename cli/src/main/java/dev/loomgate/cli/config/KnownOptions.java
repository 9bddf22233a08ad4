package dev.loomgate.cli.config;

import java.util.List;
import java.util.Optional;

/// Which names are options, of Loomgate's or of uWSGI's, whether they are offered or not. All others are variables.
public interface KnownOptions {
    /// What follows an option's name on the command line.
    enum Takes {
        NOTHING,
        /// A value after `=`, or none.
        OPTIONAL,
        VALUE
    }

    /// @param name without dashes before it
    Optional<Takes> find(String name);

    /// The names that may have been meant by one that is no option.
    List<String> similar(String name);
}
