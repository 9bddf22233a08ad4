package dev.loomgate.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the packages of a module use of each other, by their names below its root package ([Module#packageOf]).
final class PackageArrows {
    private PackageArrows() {}

    /// Each package, with the others that it uses.
    static Map<String, Set<String>> of(Module module) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : CompiledClasses.of(module)) {
            Set<String> targets = uses.computeIfAbsent(module.packageOf(type), _ -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(module::owns)
                    .map(module::packageOf)
                    .forEach(targets::add);
        }
        uses.forEach((name, targets) -> targets.remove(name));
        return uses;
    }
}
