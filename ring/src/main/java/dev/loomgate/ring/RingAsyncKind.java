package dev.loomgate.ring;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.ApplicationKind;
import dev.loomgate.gateway.kind.Program;

/// Finds asynchronous Ring handlers by their names, `ring-async:shop.core/handler`. A service; no program needs it.
public final class RingAsyncKind implements ApplicationKind {
    @Override
    public String name() {
        return "ring-async";
    }

    @Override
    public Application load(Program program) {
        return RingApplication.async(program);
    }
}
