package dev.loomgate.toolkit.values;

import java.util.Optional;

/// What is wrong with the texts that a record is made of: collected, and then told all at once, each in
/// the words of where the texts are from.
public interface TextFaults {
    /// What the value of a component is called there.
    String named(String component);

    /// A text as a value of its type.
    ///
    /// @param type one that there are texts of
    /// @return empty if it is none, which is a fault
    Optional<Object> parsed(String name, String text, Class<?> type);

    /// There is no value, and there must be one.
    void missing(String name);

    /// @throws RuntimeException if there are any faults; it tells of all of them
    void check();

    /// What is thrown when the record's constructor has refused its values.
    RuntimeException refusal(RuntimeException e);
}
