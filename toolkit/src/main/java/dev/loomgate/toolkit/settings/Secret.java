package dev.loomgate.toolkit.settings;

/// A text that must not be seen: a password, a key. It doesn't show itself, so a record that has it may
/// be logged.
///
/// ```java
/// record Shop(URI database, Secret databasePassword) {}
/// ```
///
/// Two of them are equal only if they are the same object: comparing is the business of what checks a
/// password.
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /// A secret from elsewhere, as a test has it.
    public static Secret of(String value) {
        return new Secret(value);
    }

    /// The text itself, for what needs it.
    public String value() {
        return value;
    }

    /// `Secret`, whatever it is.
    @Override
    public String toString() {
        return "Secret";
    }
}
