package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The packages of the loop: which is above which, and who may use them.
class LoopPackagesTest {
    private static final String LOOP = Module.LOOP.rootPackage();
    // From the ground up. A package may use those before it.
    private static final List<String> ORDER =
            List.of("settings", "failures", "waiting", "threads", "timers", "carriers", "io", "turns", "watch");
    // Values without any dependency: what the packages below give back.
    private static final Set<String> VALUES = Set.of(LOOP + ".Timer");
    private static final Set<String> FOR_SERVERS = Set.of(LOOP + ".io", LOOP + ".waiting");
    private static final Set<String> FOR_APPLICATIONS = Set.of(LOOP, LOOP + ".settings", LOOP + ".spool");

    @Test
    void everyPackageHasItsPlace() {
        assertThat(classes().map(Module.LOOP::packageOf).distinct())
                .containsAll(ORDER)
                .allMatch(place -> ORDER.contains(place) || place.isEmpty() || place.equals("spool"));
    }

    @Test
    void aPackageUsesOnlyThoseBelowIt() {
        assertThat(classes()
                        .filter(type -> ORDER.contains(Module.LOOP.packageOf(type)))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> isUpwards(
                                dependency.getOriginClass(),
                                dependency.getTargetClass().getBaseComponentType()))
                        .map(dependency -> dependency.getDescription()))
                .isEmpty();
    }

    private static boolean isUpwards(JavaClass from, JavaClass to) {
        return Module.LOOP.owns(to)
                && !VALUES.contains(to.getName())
                && (!ORDER.contains(Module.LOOP.packageOf(to))
                        || ORDER.indexOf(Module.LOOP.packageOf(to)) > ORDER.indexOf(Module.LOOP.packageOf(from)));
    }

    @Test
    void whatApplicationsSeeHasNoTypeOfNettys() {
        assertThat(classes()
                        .filter(type -> FOR_APPLICATIONS.contains(type.getPackageName()))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .flatMap(type -> type.getMembers().stream())
                        .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(LoopPackagesTest::showsNetty)
                        .map(JavaMember::getFullName))
                .isEmpty();
    }

    private static boolean showsNetty(JavaMember member) {
        return member.getAllInvolvedRawTypes().stream()
                .anyMatch(type -> type.getName().startsWith("io.netty."));
    }

    /// The loop side is for servers: what an application runs there stops every request of the loop.
    @ParameterizedTest
    @EnumSource(names = {"TOOLKIT", "EXAMPLES", "MICROMETER", "OPENTELEMETRY", "CLI"})
    void onlyServersUseTheLoopSide(Module module) {
        assertThat(CompiledClasses.of(module).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency ->
                                FOR_SERVERS.contains(dependency.getTargetClass().getPackageName()))
                        .map(dependency -> dependency.getDescription()))
                .isEmpty();
    }

    private static Stream<JavaClass> classes() {
        return CompiledClasses.of(Module.LOOP).stream();
    }
}
