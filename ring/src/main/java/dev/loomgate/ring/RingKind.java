package dev.loomgate.ring;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.ApplicationKind;
import dev.loomgate.gateway.kind.Program;

/// Finds synchronous Ring handlers by their names, `ring:shop.core/handler`. A service; no program needs it.
public final class RingKind implements ApplicationKind {
    @Override
    public String name() {
        return "ring";
    }

    @Override
    public Application load(Program program) {
        return RingApplication.of(program);
    }
}
