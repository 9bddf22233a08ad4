package dev.loomgate.bench.tracker;

import static java.util.stream.Collectors.toMap;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;

/// Checks records by the annotations of jakarta.validation.
public final class Inputs {
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    private Inputs() {}

    /// What is wrong, by the component's name.
    public static Map<String, String> errors(Object input) {
        return VALIDATOR.validate(input).stream()
                .collect(toMap(
                        violation -> violation.getPropertyPath().toString(),
                        ConstraintViolation::getMessage,
                        (one, another) -> one + "\n" + another));
    }
}
