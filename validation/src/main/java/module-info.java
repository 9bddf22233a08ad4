/// Validation of what clients send by the annotations of Jakarta Validation. An application adds it.
@org.jspecify.annotations.NullMarked
module dev.loomgate.validation {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires transitive jakarta.validation;

    exports dev.loomgate.validation;

    opens dev.loomgate.validation;

    uses jakarta.validation.spi.ValidationProvider;
}
