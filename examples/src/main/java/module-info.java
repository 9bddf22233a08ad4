/// The article's programs in Java.
@org.jspecify.annotations.NullMarked
module dev.loomgate.examples {
    requires static org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires dev.loomgate.loop;
    requires dev.loomgate.toolkit;

    exports dev.loomgate.examples;

    // The toolkit calls the resources' methods.
    opens dev.loomgate.examples to
            dev.loomgate.toolkit;
}
