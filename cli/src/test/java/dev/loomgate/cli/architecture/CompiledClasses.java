package dev.loomgate.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/// Every module's classes, read from the class path once: directories in `mvn test`, JAR files in `mvn verify`.
final class CompiledClasses {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(Module.BASE.substring(0, Module.BASE.length() - 1));

    private CompiledClasses() {}

    static List<JavaClass> of(Module module) {
        return ALL.stream().filter(module::owns).toList();
    }
}
