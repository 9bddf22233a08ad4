package dev.loomgate.openapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The constraints of `jakarta.validation` at a record's component, as keywords of its schema. They are known by their
/// names, so that no application needs that library, and whichever version it has will do.
final class Constraints {
    private static final String PACKAGE = "jakarta.validation.constraints.";

    private final Map<String, Annotation> found = new LinkedHashMap<>();

    /// Those of a component: at itself, at its accessor, where the compiler puts most of them, or at its type.
    Constraints(RecordComponent component) {
        Stream.of(component, component.getAccessor(), component.getAnnotatedType())
                .flatMap(element -> Stream.of(element.getAnnotations()))
                .filter(annotation -> annotation.annotationType().getName().startsWith(PACKAGE))
                .forEach(annotation ->
                        found.putIfAbsent(annotation.annotationType().getSimpleName(), annotation));
    }

    /// Adds them to a schema.
    void addTo(Members schema) {
        Optional<String> size =
                switch (type(schema)) {
                    case "string" -> Optional.of("Length");
                    case "array" -> Optional.of("Items");
                    case "object" -> Optional.of("Properties");
                    default -> Optional.empty();
                };
        size.ifPresent(suffix -> addSizes(schema, suffix));
        if (type(schema).equals("integer") || type(schema).equals("number")) {
            addRange(schema);
        }
        if (type(schema).equals("string")) {
            value("Pattern", "regexp").ifPresent(regex -> schema.put("pattern", "^(?:" + regex + ")$"));
            if (found.containsKey("NotBlank")) {
                schema.putIfAbsent("pattern", "\\S");
            }
            if (found.containsKey("Email")) {
                schema.putIfAbsent("format", "email");
            }
        }
    }

    private void addSizes(Members schema, String suffix) {
        if (found.containsKey("NotEmpty") || found.containsKey("NotBlank")) {
            schema.put("min" + suffix, 1);
        }
        value("Size", "min").filter(least -> !least.equals(0)).ifPresent(least -> schema.put("min" + suffix, least));
        value("Size", "max")
                .filter(most -> !most.equals(Integer.MAX_VALUE))
                .ifPresent(most -> schema.put("max" + suffix, most));
    }

    private void addRange(Members schema) {
        value("Min", "value").ifPresent(least -> schema.put("minimum", least));
        value("Max", "value").ifPresent(most -> schema.put("maximum", most));
        addDecimal(schema, "DecimalMin", "minimum", "exclusiveMinimum");
        addDecimal(schema, "DecimalMax", "maximum", "exclusiveMaximum");
        addSign(schema, "Positive", "exclusiveMinimum");
        addSign(schema, "PositiveOrZero", "minimum");
        addSign(schema, "Negative", "exclusiveMaximum");
        addSign(schema, "NegativeOrZero", "maximum");
    }

    private void addDecimal(Members schema, String constraint, String inclusive, String exclusive) {
        value(constraint, "value")
                .ifPresent(number -> schema.put(
                        value(constraint, "inclusive").orElse(true).equals(true) ? inclusive : exclusive,
                        new BigDecimal(String.valueOf(number))));
    }

    private void addSign(Members schema, String constraint, String keyword) {
        if (found.containsKey(constraint)) {
            schema.put(keyword, 0);
        }
    }

    // A type that may be null has two.
    private static String type(Members schema) {
        Object type = schema.get("type");
        return type instanceof Iterable<?> several
                ? String.valueOf(several.iterator().next())
                : String.valueOf(type);
    }

    private Optional<Object> value(String constraint, String member) {
        Annotation annotation = found.get(constraint);
        if (annotation == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(annotation.annotationType().getMethod(member).invoke(annotation));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("OpenApi: " + annotation + " has no readable member " + member, e);
        }
    }
}
