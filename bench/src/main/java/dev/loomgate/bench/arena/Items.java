package dev.loomgate.bench.arena;

import java.util.List;

/// The answer to `/json/{count}?m={multiplier}`.
public record Items(List<PricedItem> items, int count) {}
