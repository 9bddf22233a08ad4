/// An extension of JUnit for tests of applications. A project adds it to its tests.
@org.jspecify.annotations.NullMarked
module dev.loomgate.junit {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires transitive org.junit.jupiter.api;

    exports dev.loomgate.junit;
    // It makes the extension.
    opens dev.loomgate.junit to
            org.junit.platform.commons;
}
