package dev.loomgate.gateway.specification;

/// Whom a clause binds.
public enum Party {
    /// What calls the application: a server, a test client, or a middleware seen from inside.
    CONTAINER("The container"),
    /// What is called: an application, or a middleware seen from outside.
    APPLICATION("An application"),
    /// What is both.
    MIDDLEWARE("A middleware");

    private final String subject;

    Party(String subject) {
        this.subject = subject;
    }

    /// How a sentence about this party begins: `The container`.
    public String subject() {
        return subject;
    }
}
