package dev.loomgate.bench.arena;

import java.util.List;

/// One thing of the dataset.
public record Item(
        int id,
        String name,
        String category,
        int price,
        int quantity,
        boolean active,
        List<String> tags,
        Rating rating) {
    PricedItem times(int multiplier) {
        return new PricedItem(id, name, category, price, quantity, active, tags, rating, price * quantity * multiplier);
    }
}
