package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;

/// An application whose microthreads have its class loader as their context's, where service loaders look; a new
/// microthread has the server's.
record InItsClassLoader(Application inner, ClassLoader loader) implements Application {

    static Application wrap(Application application, ClassLoader loader) {
        return loader == ClassLoader.getSystemClassLoader()
                ? application
                : Lifecycle.passOn(application, new InItsClassLoader(application, loader));
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Thread.currentThread().setContextClassLoader(loader);
        return inner.call(environ, startResponse);
    }
}
