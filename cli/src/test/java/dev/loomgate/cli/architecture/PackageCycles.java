package dev.loomgate.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Cycles between the packages of a module.
///
/// A module's root package is its interface: it holds what the packages below are given (values, such as the
/// server's limits) as well as what puts them together (the server itself). So each of its classes counts by
/// itself here: `Server` -> `exchange` -> `Limits` is no cycle, but `Server` -> `exchange` -> `Server` is one.
final class PackageCycles {
    private PackageCycles() {}

    /// The packages of a module, and the classes of its root package, with what they use of each other.
    static Map<String, Set<String>> graph(Module module, List<JavaClass> classes) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> targets = uses.computeIfAbsent(node(module, type), key -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(module::owns)
                    .map(target -> node(module, target))
                    .forEach(targets::add);
        }
        uses.forEach((node, targets) -> targets.remove(node));
        return uses;
    }

    /// A package, or a top-level class of the root package with what is nested in it.
    private static String node(Module module, JavaClass type) {
        if (!type.getPackageName().equals(module.rootPackage())) {
            return type.getPackageName();
        }
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /// For each package that a way leads back to: a shortest such way.
    static List<String> find(Map<String, Set<String>> uses) {
        return uses.keySet().stream()
                .filter(PackageCycles::isPackage)
                .map(start -> wayBack(start, uses))
                .filter(way -> !way.isEmpty())
                .toList();
    }

    private static boolean isPackage(String node) {
        return Character.isLowerCase(node.charAt(node.lastIndexOf('.') + 1));
    }

    private static String wayBack(String start, Map<String, Set<String>> uses) {
        Map<String, String> ways = new LinkedHashMap<>(Map.of(start, start));
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            String node = open.removeFirst();
            for (String target : uses.getOrDefault(node, Set.of())) {
                String way = ways.get(node) + " -> " + target;
                if (target.equals(start)) {
                    return way;
                }
                if (ways.putIfAbsent(target, way) == null) {
                    open.addLast(target);
                }
            }
        }
        return "";
    }
}
