package dev.loomgate.tracker;

import jakarta.validation.constraints.Min;
import java.util.Optional;

/// Which issues somebody wants to see: `?state=OPEN&page=2`.
public record Filter(Optional<Issue.State> state, Optional<@Min(1) Integer> page) {}
