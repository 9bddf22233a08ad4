package dev.loomgate.bench.tracker;

import dev.loomgate.tracker.Issue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What people write of an issue: in a form or in JSON.
///
/// @param state open, if nothing is said
public record Draft(
        @NotBlank @Size(max = 80) @Nullable String title,
        @NotNull @Size(max = 4000) @Nullable String text,
        Issue.@Nullable State state) {
    public Issue.State stateOrOpen() {
        return Objects.requireNonNullElse(state, Issue.State.OPEN);
    }
}
