package dev.loomgate.toolkit.routing.converters;

import java.util.HashMap;
import java.util.Map;

/// The converters that every map of URLs has, by their names in rules.
public final class StandardConverters {
    private static final Map<String, Converter.Factory> ALL = all();

    private StandardConverters() {}

    private static Map<String, Converter.Factory> all() {
        Converter.Factory string = StringConverter::new;
        Map<String, Converter.Factory> all = new HashMap<>();
        all.put("default", string);
        all.put("string", string);
        all.put("any", AnyConverter::new);
        all.put("path", PathConverter::new);
        all.put("int", IntConverter::new);
        all.put("float", FloatConverter::new);
        all.put("uuid", UuidConverter::new);
        return Map.copyOf(all);
    }

    /// All of them. `default`, that of a variable without a converter, is the same as `string`.
    public static Map<String, Converter.Factory> byName() {
        return ALL;
    }
}
