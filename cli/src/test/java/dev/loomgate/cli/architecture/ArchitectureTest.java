package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The folder tree shows the architecture, and this proves it: dependencies go one way.
class ArchitectureTest {
    private static final List<String> LOGGING = List.of(
            "java.util.logging.",
            "org.slf4j.",
            "org.apache.logging.",
            "org.apache.commons.logging.",
            "io.netty.util.internal.logging.");

    @ParameterizedTest
    @EnumSource
    void everyModuleIsLookedAt(Module module) {
        assertThat(CompiledClasses.of(module)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aModuleUsesOnlyWhatItMay(Module module) {
        assertThat(dependencies(module)
                        .filter(dependency -> !module.mayUse(dependency.getTargetClass()))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aModulesPackagesDependOnEachOtherOneWay(Module module) {
        assertThat(PackageCycles.find(PackageCycles.graph(module, CompiledClasses.of(module))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "LOOP", "SERVER", "TOOLKIT", "PYTHON", "MICROMETER", "OPENTELEMETRY", "JUNIT"})
    void librariesLogThroughSystemLogger(Module module) {
        assertThat(dependencies(module)
                        .filter(dependency -> LOGGING.stream()
                                .anyMatch(dependency.getTargetClass().getName()::startsWith))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    /// Nothing that is shipped stands on the test kit, and the test kit on nothing that it is to test.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TESTKIT")
    void theTestKitIsForTestsAlone(Module module) {
        JavaClass raw = one(Module.TESTKIT, "dev.loomgate.testkit.client.RawClient");

        assertThat(module.mayUse(raw)).isFalse();
        assertThat(Module.TESTKIT.inwards()).doesNotContain(module);
    }

    /// What embedders add is theirs: the product's package has none of these modules, nor what they bring along.
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MICROMETER", "OPENTELEMETRY", "JUNIT"})
    void nothingStandsOnTheOptionalModules(Module module) {
        assertThat(module.inwards()).doesNotContain(Module.MICROMETER, Module.OPENTELEMETRY, Module.JUNIT);
    }

    /// That the proof isn't empty: it sees the dependencies that are known to be there.
    @Test
    void whatIsUsedIsSeen() {
        assertThat(targets(Module.SERVER))
                .contains("dev.loomgate.gateway.Application", "dev.loomgate.loop.Loop")
                .anyMatch(name -> name.startsWith("io.netty."));
        assertThat(targets(Module.TOOLKIT)).contains("dev.loomgate.gateway.Environ");
        assertThat(Module.TOOLKIT.mayUse(one(Module.LOOP, "dev.loomgate.loop.Loop")))
                .isFalse();
    }

    private static JavaClass one(Module module, String name) {
        return CompiledClasses.of(module).stream()
                .filter(type -> type.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> targets(Module module) {
        return dependencies(module)
                .map(dependency -> dependency.getTargetClass().getName());
    }

    private static Stream<Dependency> dependencies(Module module) {
        return CompiledClasses.of(module).stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }
}
