package dev.loomgate.jwsgi;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.ApplicationKind;
import dev.loomgate.gateway.kind.Program;

/// Finds JWSGI programs by their names, `jwsgi:com.example.Shop:application`. A service; no program needs it.
public final class JwsgiKind implements ApplicationKind {
    @Override
    public String name() {
        return "jwsgi";
    }

    @Override
    public ClassLoader parent(ClassLoader server) {
        return new UwsgiClassLoader(server);
    }

    @Override
    public Application load(Program program) {
        return JwsgiApplication.of(program);
    }
}
