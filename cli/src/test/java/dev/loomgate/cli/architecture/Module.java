package dev.loomgate.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The modules, inwards to outwards, and what each may depend on: the arrows of the architecture. `testkit` is for
/// tests alone: it knows no other module, and no other module's main code may use it. `micrometer`,
/// `opentelemetry`, `openapi`, `templates`, `validation`, `servlet`, `security`, `redis`, `postgresql` and `junit`
/// are added by the applications that need them: no other module may use those, the command line neither. That finds
/// `jwsgi`, `ring` and `redis` as services, without an arrow. `bench` stands outside all of them and is not here:
/// nothing may depend on it.
enum Module {
    TESTKIT,
    GATEWAY,
    LOOP,
    SERVER,
    TOOLKIT,
    PYTHON,
    EXAMPLES,
    MICROMETER,
    OPENTELEMETRY,
    OPENAPI,
    TEMPLATES,
    VALIDATION,
    SERVLET,
    SECURITY,
    REDIS,
    POSTGRESQL,
    JUNIT,
    JWSGI,
    RING,
    CLI;

    static final String BASE = "dev.loomgate.";

    // The JDK's own packages, and annotations that leave no trace at run time.
    private static final List<String> FOR_EVERYBODY =
            List.of("java.", "javax.", "jdk.", "com.sun.management.", "sun.misc.", "org.jspecify.");

    Set<Module> inwards() {
        return switch (this) {
            case TESTKIT, GATEWAY, LOOP -> Set.of();
            case SERVER -> Set.of(GATEWAY, LOOP);
            case TOOLKIT -> Set.of(GATEWAY);
            case PYTHON -> Set.of(GATEWAY, LOOP);
            case EXAMPLES -> Set.of(GATEWAY, LOOP, TOOLKIT);
            case MICROMETER -> Set.of(SERVER, PYTHON, TOOLKIT);
            case OPENTELEMETRY -> Set.of(GATEWAY, SERVER);
            case OPENAPI -> Set.of(GATEWAY, TOOLKIT);
            case TEMPLATES -> Set.of(GATEWAY, TOOLKIT);
            case VALIDATION -> Set.of(TOOLKIT);
            case SERVLET -> Set.of(GATEWAY, LOOP);
            case SECURITY -> Set.of(GATEWAY, TOOLKIT);
            case REDIS -> Set.of(GATEWAY, TOOLKIT, PYTHON, SECURITY);
            case POSTGRESQL -> Set.of(TOOLKIT);
            case JUNIT -> Set.of(GATEWAY, TOOLKIT);
            case JWSGI, RING -> Set.of(GATEWAY);
            case CLI -> Set.of(GATEWAY, LOOP, SERVER, TOOLKIT, PYTHON, EXAMPLES);
        };
    }

    private Set<String> packagesFromOutside() {
        return switch (this) {
            case TESTKIT, GATEWAY, EXAMPLES, OPENAPI, POSTGRESQL, JWSGI, RING -> Set.of();
            case LOOP, SERVER -> Set.of("io.netty.");
            case TOOLKIT ->
                Set.of("com.github.benmanes.caffeine.", "tools.jackson.", "com.fasterxml.jackson.annotation.");
            case PYTHON -> Set.of("io.netty.", "tools.jackson.");
            case MICROMETER -> Set.of("io.micrometer.core.");
            case OPENTELEMETRY -> Set.of("io.opentelemetry.api.", "io.opentelemetry.context.");
            case TEMPLATES -> Set.of("gg.jte.", "io.pebbletemplates.");
            case VALIDATION -> Set.of("jakarta.validation.");
            case SERVLET -> Set.of("org.eclipse.jetty.");
            case SECURITY ->
                Set.of(
                        "com.github.benmanes.caffeine.",
                        "com.nimbusds.jose.",
                        "com.nimbusds.jwt.",
                        "com.nimbusds.oauth2.",
                        "com.nimbusds.openid.",
                        "io.github.bucket4j.",
                        "org.bouncycastle.crypto.");
            case REDIS ->
                Set.of(
                        "com.github.benmanes.caffeine.",
                        "io.lettuce.core.",
                        "io.micrometer.core.",
                        "io.netty.resolver.");
            case JUNIT -> Set.of("org.junit.jupiter.api.", "org.junit.platform.commons.");
            case CLI ->
                Set.of(
                        "picocli.",
                        "org.snakeyaml.engine.",
                        "tools.jackson.core.",
                        "org.shredzone.acme4j.",
                        "org.bouncycastle.");
        };
    }

    /// `gateway`: the folder, and the package below [#BASE].
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    String rootPackage() {
        return BASE + folder();
    }

    boolean mayUse(JavaClass other) {
        JavaClass type = other.getBaseComponentType();
        String name = type.getName();
        if (name.startsWith(BASE)) {
            return of(type).filter(module -> module == this || inwards().contains(module))
                    .isPresent();
        }
        return type.isPrimitive()
                || FOR_EVERYBODY.stream().anyMatch(name::startsWith)
                || packagesFromOutside().stream().anyMatch(name::startsWith);
    }

    boolean owns(JavaClass type) {
        return type.getBaseComponentType().getName().startsWith(rootPackage() + ".");
    }

    /// The package of one of its types below [#rootPackage]: `listen`, or nothing for the root package itself.
    String packageOf(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        return name.equals(rootPackage()) ? "" : name.substring(rootPackage().length() + 1);
    }

    static Optional<Module> of(JavaClass type) {
        return Arrays.stream(values()).filter(module -> module.owns(type)).findFirst();
    }
}
