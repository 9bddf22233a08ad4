package dev.loomgate.cli.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `module-info.java` says is what the classes do.
class ModuleDescriptorsTest {
    @ParameterizedTest
    @EnumSource
    void aModuleRequiresOnlyWhatItMay(Module module) throws IOException {
        Set<String> allowed = module.inwards().stream().map(Module::rootPackage).collect(toSet());

        assertThat(requiredModules(module)).isSubsetOf(allowed);
    }

    @ParameterizedTest
    @EnumSource
    void aModuleRequiresNothingThatItDoesNotUse(Module module) throws IOException {
        Set<String> used = CompiledClasses.of(module).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .flatMap(dependency -> Module.of(dependency.getTargetClass()).stream())
                .map(Module::rootPackage)
                .collect(toSet());

        assertThat(used).containsAll(requiredModules(module));
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "TOOLKIT"})
    void withoutNettyMeansInTheDescriptorToo(Module module) throws IOException {
        assertThat(descriptor(module).requires())
                .extracting(ModuleDescriptor.Requires::name)
                .noneMatch(name -> name.startsWith("io.netty"));
    }

    /// A public type is a promise, unless its package is kept inside the module and says so.
    @ParameterizedTest
    @EnumSource(
            names = {
                "GATEWAY",
                "LOOP",
                "SERVER",
                "TOOLKIT",
                "PYTHON",
                "MICROMETER",
                "OPENTELEMETRY",
                "OPENAPI",
                "JUNIT",
                "SECURITY"
            })
    void aPublicTypeIsExportedOrItsPackageSaysThatItIsNot(Module module) throws IOException {
        Set<String> exported = descriptor(module).exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(toSet());

        assertThat(CompiledClasses.of(module).stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .filter(name -> !exported.contains(name)))
                .allSatisfy(name -> assertThat(description(module, name))
                        .as("package-info of %s, which has public types and isn't exported", name)
                        .contains("Not exported"));
    }

    /// The package's comment, on one line.
    private static String description(Module module, String name) throws IOException {
        Path file = Path.of("..", module.folder(), "src/main/java", name.replace('.', '/'), "package-info.java");
        return Files.readString(file).replaceAll("\\s*\n/// *", " ");
    }

    private static Set<String> requiredModules(Module module) throws IOException {
        return descriptor(module).requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith(Module.BASE))
                .collect(toSet());
    }

    private static ModuleDescriptor descriptor(Module module) throws IOException {
        Path compiled = Path.of("..", module.folder(), "target/classes/module-info.class");
        try (InputStream in = Files.newInputStream(compiled)) {
            return ModuleDescriptor.read(in);
        }
    }
}
