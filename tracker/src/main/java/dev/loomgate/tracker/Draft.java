package dev.loomgate.tracker;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/// What people write of an issue: in a form or in JSON.
///
/// @param state open, if nothing is said
record Draft(
        @NotBlank @Size(max = 80) String title,
        @Size(max = 4000) String text,
        Optional<Issue.State> state) {}
