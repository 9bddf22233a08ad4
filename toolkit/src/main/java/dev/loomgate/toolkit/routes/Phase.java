package dev.loomgate.toolkit.routes;

/// When rules are asked.
enum Phase {
    /// Before the application.
    REQUEST("route"),
    /// When a response begins whose status is 400 or more.
    ERROR("error-route"),
    /// When a response begins.
    RESPONSE("response-route"),
    /// When it is over: nothing can be changed any more.
    FINAL("final-route");

    private final String option;

    Phase(String option) {
        this.option = option;
    }

    /// What options of this phase begin with.
    String option() {
        return option;
    }
}
