package dev.loomgate.bench.tracker;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

public record Login(@NotBlank @Nullable String name, @NotBlank @Nullable String password) {}
