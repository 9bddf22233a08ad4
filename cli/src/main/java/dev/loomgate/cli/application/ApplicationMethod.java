package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/// A method that is an application, called without a wrapper around what it throws.
record ApplicationMethod(MethodHandle method) implements Application {
    static final MethodType TYPE = MethodType.methodType(Body.class, Environ.class, StartResponse.class);

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        try {
            return (Body) method.invokeExact(environ, startResponse);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
