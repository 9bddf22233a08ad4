package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The arrows between the toolkit's packages, each of them: who adds one adds it here, or finds a better place.
class ToolkitArrowsTest {
    /// What each package uses of the others, from the bottom up. The empty name is the root package, which handlers
    /// import: it knows nothing of rules, resources and middlewares.
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("syntax", Set.of()),
            Map.entry("syntax.multipart", Set.of("syntax")),
            Map.entry("headers", Set.of("syntax")),
            Map.entry("exceptions", Set.of("headers", "syntax")),
            Map.entry("values", Set.of("exceptions")),
            Map.entry("variants", Set.of("headers", "syntax")),
            Map.entry("", Set.of("exceptions", "headers", "syntax", "syntax.multipart", "values", "variants")),
            Map.entry("routing.converters", Set.of("syntax")),
            Map.entry("routing.matching", Set.of("routing.converters", "values")),
            Map.entry("routing", Set.of("", "exceptions", "routing.converters", "routing.matching", "syntax")),
            Map.entry("resources", Set.of("", "exceptions", "routing", "values")),
            Map.entry("middleware", Set.of("exceptions", "headers", "syntax", "variants")),
            Map.entry("sessions", Set.of("", "exceptions", "syntax", "variants")),
            Map.entry("files", Set.of("", "headers", "syntax", "variants")),
            Map.entry("proxy", Set.of("syntax")),
            Map.entry("debug", Set.of("", "exceptions", "resources", "routing", "syntax")),
            Map.entry("test", Set.of("", "syntax")));

    @Test
    void thePackagesUseEachOtherAsDrawn() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass type : CompiledClasses.of(Module.TOOLKIT)) {
            Set<String> targets = found.computeIfAbsent(name(type), _ -> new TreeSet<>());
            targets(type).stream().map(ToolkitArrowsTest::name).forEach(targets::add);
            targets.remove(name(type));
        }

        assertThat(found).isEqualTo(ARROWS);
    }

    private static List<JavaClass> targets(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(Module.TOOLKIT::owns)
                .toList();
    }

    private static String name(JavaClass type) {
        String root = Module.TOOLKIT.rootPackage();
        return type.getPackageName().equals(root) ? "" : type.getPackageName().substring(root.length() + 1);
    }
}
