package dev.loomgate.bench.tracker;

import dev.loomgate.tracker.Issue;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/// Which issues somebody wants to see.
public record Filter(Optional<Issue.State> state, @Min(1) int page) {}
