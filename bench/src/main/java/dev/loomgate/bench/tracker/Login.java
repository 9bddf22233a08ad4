package dev.loomgate.bench.tracker;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.NullUnmarked;

/// Name and password. Anything may be missing until it is checked.
@NullUnmarked
public record Login(@NotBlank String name, @NotBlank String password) {}
