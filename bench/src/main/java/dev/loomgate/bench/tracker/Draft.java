package dev.loomgate.bench.tracker;

import dev.loomgate.tracker.Issue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;

/// What people write of an issue: in a form or in JSON. Anything may be missing until it is checked.
///
/// @param state open, if nothing is said
@NullUnmarked
public record Draft(
        @NotBlank @Size(max = 80) String title,
        @NotNull @Size(max = 4000) String text,
        Issue.State state) {
    /// Its state, said or not.
    public Issue.State stateOrOpen() {
        return Objects.requireNonNullElse(state, Issue.State.OPEN);
    }
}
