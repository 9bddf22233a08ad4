package dev.loomgate.bench.arena;

import java.util.List;

/// An [Item] with what this request makes of it.
public record PricedItem(
        int id,
        String name,
        String category,
        int price,
        int quantity,
        boolean active,
        List<String> tags,
        Rating rating,
        int total) {}
