/// Records validated by the annotations of Jakarta Validation: the toolkit's
/// [dev.loomgate.toolkit.RecordValidator] by that standard's interface. No provider's own types are used here.
package dev.loomgate.validation;
