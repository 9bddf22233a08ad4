package dev.loomgate.junit;

import dev.loomgate.toolkit.test.Client;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// What [LoomgateTest] promises. What it makes is in JUnit's stores: a class's application, a test's client. JUnit
/// closes them with their contexts, inner ones first.
final class LoomgateExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LoomgateExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> type = context.getRequiredTestClass();
        // A nested class without an annotation finds the application of the class around it.
        Optional<LoomgateTest> test = AnnotationSupport.findAnnotation(type, LoomgateTest.class);
        if (test.isPresent()) {
            Class<?> named = test.get().value();
            store(context)
                    .put(
                            StartedApplication.class,
                            StartedApplication.start(
                                    ApplicationForms.of(named == void.class ? type : named),
                                    test.get().http()));
        }
    }

    /// So that the constructor's client is its test's.
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Client.class || type == URI.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        StartedApplication application = Objects.requireNonNull(
                store(context).get(StartedApplication.class, StartedApplication.class), "started by beforeAll");
        if (parameter.getParameter().getType() == URI.class) {
            return application
                    .address()
                    .orElseThrow(() -> new ParameterResolutionException("an application that is called directly has no"
                            + " address: with @LoomgateTest(http = true) it is served on a free port"));
        }
        // A context finds what the contexts around it have, and is to have its own.
        return store(context).computeIfAbsent(context.getUniqueId(), _ -> application.client(), Client.class);
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
