package dev.loomgate.gateway;

/// An application with the hooks of another one, which it stands before.
record PassedOn(Application outer, Lifecycle inner) implements Application, Lifecycle {
    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return outer.call(environ, startResponse);
    }

    @Override
    public void start() throws Exception {
        inner.start();
    }

    @Override
    public void stop() throws Exception {
        inner.stop();
    }
}
