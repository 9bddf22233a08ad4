package dev.loomgate.bench.arena;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What `dataset.json` has, read once: the same for every entry, so that they differ in how they write
/// the answer.
final class Dataset {
    private final List<Item> items;

    private Dataset(List<Item> items) {
        this.items = items;
    }

    static Dataset read(Places places) {
        Path file = places.data().resolve(ArenaData.DATASET);
        return new Dataset(new JsonMapper().readValue(file, new TypeReference<>() {}));
    }

    /// The first so many items, all there are at most, with `price * quantity * multiplier` each.
    Items first(int count, int multiplier) {
        int taken = Math.clamp(count, 0, items.size());
        List<PricedItem> priced = new ArrayList<>(taken);
        for (Item item : items.subList(0, taken)) {
            priced.add(item.times(multiplier));
        }
        return new Items(priced, taken);
    }
}
