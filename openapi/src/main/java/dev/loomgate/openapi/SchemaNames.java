package dev.loomgate.openapi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The names of schemas: a class's simple name, and where several have the same one, as much of what it is in as tells
/// them apart: `Login.Form` and `Sign.Form`. So a name depends on which types there are, never on their order.
final class SchemaNames {
    private final Map<Class<?>, String> names = new HashMap<>();

    SchemaNames(Collection<ValueType> types) {
        Map<String, List<Class<?>>> bySimpleName = types.stream()
                .<Class<?>>map(ValueType::raw)
                .distinct()
                .collect(Collectors.groupingBy(Class::getSimpleName, TreeMap::new, Collectors.toList()));
        bySimpleName.forEach((simple, classes) -> {
            int parts = 1;
            while (!areDistinct(classes, parts)) {
                parts++;
            }
            for (Class<?> type : classes) {
                names.put(type, safe(name(type, parts)));
            }
        });
    }

    private static boolean areDistinct(List<Class<?>> classes, int parts) {
        long names = classes.stream().map(type -> name(type, parts)).distinct().count();
        boolean longest = classes.stream().allMatch(type -> parts >= parts(type).size());
        return names == classes.size() || longest;
    }

    private static String name(Class<?> type, int parts) {
        List<String> all = parts(type);
        return parts == 1
                ? type.getSimpleName()
                : String.join(".", all.subList(Math.max(0, all.size() - parts), all.size()));
    }

    private static List<String> parts(Class<?> type) {
        return List.of(type.getName().split("[.$]"));
    }

    /// A component's name has ASCII letters and digits, `.`, `_` and `-` (OpenAPI 3.1, "Components Object").
    private static String safe(String name) {
        StringBuilder safe = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (c < 128) {
                safe.appendCodePoint(c);
            } else {
                safe.append("_").append(Integer.toHexString(c));
            }
        });
        return safe.toString();
    }

    /// `Page`, `Page-User` of a `Page<User>`.
    String of(ValueType type) {
        List<String> parts = new ArrayList<>();
        String own = names.get(type.raw());
        parts.add(own == null ? safe(type.raw().getSimpleName().replace("[]", "-array")) : own);
        type.arguments().forEach(argument -> parts.add(of(argument)));
        return String.join("-", parts);
    }
}
