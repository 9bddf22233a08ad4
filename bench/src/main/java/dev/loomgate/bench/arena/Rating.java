package dev.loomgate.bench.arena;

/// How an [Item] is liked.
public record Rating(int score, int count) {}
