package dev.loomgate.junit;

import dev.loomgate.gateway.Application;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/// Where a class has its application, as [LoomgateTest#value] lists it. Read by JUnit's own reflection, for which
/// the packages of tests are open.
final class ApplicationForms {
    private static final String NAME = "application";

    private ApplicationForms() {}

    /// @throws ExtensionConfigurationException if the class has none
    static Application of(Class<?> type) throws Exception {
        Optional<Method> method = ReflectionSupport.findMethod(type, NAME).filter(ModifierSupport::isStatic);
        if (method.isPresent()) {
            return application(
                    ReflectionSupport.invokeMethod(method.get(), null), "method " + type.getName() + "." + NAME);
        }
        Optional<Field> field = ReflectionSupport.streamFields(
                        type,
                        found -> found.getName().equals(NAME) && ModifierSupport.isStatic(found),
                        HierarchyTraversalMode.BOTTOM_UP)
                .findFirst();
        if (field.isPresent()) {
            return application(
                    ReflectionSupport.tryToReadFieldValue(field.get(), null).get(),
                    "field " + type.getName() + "." + NAME);
        }
        if (Application.class.isAssignableFrom(type)) {
            return (Application) ReflectionSupport.newInstance(type);
        }
        throw new ExtensionConfigurationException(
                ("class %s has no application: it has a static method or field named %s, or is an Application; or"
                                + " @LoomgateTest(X.class) names another class")
                        .formatted(type.getName(), NAME));
    }

    private static Application application(@Nullable Object value, String place) {
        if (value instanceof Application application) {
            return application;
        }
        throw new ExtensionConfigurationException("%s gives %s, which is no Application"
                .formatted(place, value == null ? null : value.getClass().getName()));
    }
}
