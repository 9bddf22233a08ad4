/// An OpenAPI document of a toolkit's application, made at its start, and a page that shows it. An application adds it.
@org.jspecify.annotations.NullMarked
module dev.loomgate.openapi {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;

    exports dev.loomgate.openapi;
}
