/// Ring: Clojure's handlers as applications. The adapter is in Clojure, and runs in the program's.
@org.jspecify.annotations.NullMarked
module dev.loomgate.ring {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;

    exports dev.loomgate.ring;

    provides dev.loomgate.gateway.kind.ApplicationKind with
            dev.loomgate.ring.RingKind,
            dev.loomgate.ring.RingAsyncKind;
}
