package dev.loomgate.cli.options.uwsgi;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/// An option of uWSGI's, under all of its names, and what becomes of it here.
///
/// @param names as they are typed: `--master`, `-M`
/// @param takes what follows
/// @param optionClass what becomes of it
/// @param words how it differs, why it is needless, what to do instead; empty if it is the same
/// @param purpose what it is for: a heading of the documentation
public record UwsgiOption(List<String> names, Takes takes, OptionClass optionClass, String words, String purpose) {
    /// What follows an option's name.
    public enum Takes {
        /// It is on or off.
        NOTHING,
        /// A value, which may be left out.
        OPTIONAL,
        /// A value, always.
        VALUE
    }

    /// Copies the list.
    public UwsgiOption {
        names = List.copyOf(names);
    }

    /// What has picocli accept a needless option, as often as it is given. This row is its user object.
    public OptionSpec spec() {
        OptionSpec.Builder spec = OptionSpec.builder(names.toArray(String[]::new))
                .userObject(this)
                .description(words);
        return switch (takes) {
            case NOTHING -> spec.type(boolean[].class).arity("0").build(); // may be repeated
            case OPTIONAL -> values(spec).arity("0..1").build();
            case VALUE -> values(spec).arity("1").build();
        };
    }

    private static OptionSpec.Builder values(OptionSpec.Builder spec) {
        return spec.paramLabel("VALUE").type(List.class).auxiliaryTypes(String.class);
    }
}
