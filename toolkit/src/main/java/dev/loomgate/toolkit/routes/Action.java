package dev.loomgate.toolkit.routes;

import dev.loomgate.toolkit.Response;
import java.io.IOException;

/// What a rule does.
@FunctionalInterface
interface Action {
    /// Does it.
    ///
    /// @throws IOException if a file can't be read
    Outcome run(Trip trip) throws IOException;

    /// How it goes on.
    sealed interface Outcome {
        /// With the next rule.
        record Next() implements Outcome {}

        /// With the rule after this label.
        record Jump(String label) implements Outcome {}

        /// With the application: no more rules.
        record Enough() implements Outcome {}

        /// With this response in the application's place.
        record Answer(Response response) implements Outcome {}

        Outcome NEXT = new Next();
        Outcome ENOUGH = new Enough();
    }
}
