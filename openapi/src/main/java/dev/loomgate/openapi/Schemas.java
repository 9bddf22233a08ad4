package dev.loomgate.openapi;

import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.resources.Operation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The schemas of types, in JSON Schema 2020-12 as OpenAPI 3.1 has it. Records and enums are components with a name,
/// which others refer to, so that a record may have itself in it.
///
/// Of one document, for one thread.
final class Schemas {
    private static final String PLACE = "#/components/schemas/";

    private final Function<ValueType, String> names;
    private final Map<ValueType, Members> named = new LinkedHashMap<>();

    /// @param names of records and enums
    Schemas(Function<ValueType, String> names) {
        this.names = names;
    }

    /// The records and enums that were met so far.
    Collection<ValueType> types() {
        return List.copyOf(named.keySet());
    }

    /// Their schemas by their names, sorted.
    Map<String, Object> components() {
        Map<String, Object> components = new TreeMap<>();
        named.forEach((type, schema) -> components.put(names.apply(type), schema));
        return components;
    }

    /// The schema of a value in JSON; of a type that isn't known, one that takes anything.
    Members of(ValueType type) {
        Class<?> raw = type.raw();
        if (raw == Optional.class) {
            return orNull(of(type.argument(0)));
        }
        return ScalarSchemas.of(raw).orElseGet(() -> {
            if (raw.isRecord() || raw.isEnum()) {
                return reference(type);
            }
            if (type.is(Map.class)) {
                return new Members().with("type", "object").with("additionalProperties", of(type.argument(1)));
            }
            if (type.is(Iterable.class) || type.is(Stream.class) || raw.isArray()) {
                Members array = new Members().with("type", "array").with("items", of(type.argument(0)));
                return type.is(Set.class) ? array.with("uniqueItems", true) : array;
            }
            return raw.isSealed() ? anyOf(raw) : new Members();
        });
    }

    private Members anyOf(Class<?> sealed) {
        List<Members> each = Stream.of(sealed.getPermittedSubclasses())
                .map(type -> of(ValueType.of(type)))
                .toList();
        return new Members().with("anyOf", each);
    }

    /// The same schema for values that may be null, too.
    private static Members orNull(Members schema) {
        if (schema.get("type") instanceof String type) {
            return schema.with("type", List.of(type, "null"));
        }
        return schema.isEmpty()
                ? schema
                : new Members().with("anyOf", List.of(schema, new Members().with("type", "null")));
    }

    private Members reference(ValueType type) {
        if (!named.containsKey(type)) {
            // Before its components, which may lead back to it.
            Members schema = new Members();
            named.put(type, schema);
            schema.putAll(type.raw().isRecord() ? ofRecord(type) : ofEnum(type.raw()));
        }
        return new Members().with("$ref", PLACE + names.apply(type));
    }

    // As JSON has them: by their own texts.
    private static Members ofEnum(Class<?> type) {
        List<String> texts =
                Stream.of(type.getEnumConstants()).map(Object::toString).toList();
        return described(new Members().with("type", "string").with("enum", texts), type);
    }

    private Members ofRecord(ValueType type) {
        Members properties = new Members();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.raw().getRecordComponents()) {
            Members schema = of(type.of(component));
            if (Operation.isRequired(component)) {
                required.add(component.getName());
            } else if (component.getType() != Optional.class) {
                schema = orNull(schema);
            }
            properties.put(component.getName(), withNotes(schema, component));
        }
        return object(described(new Members().with("type", "object"), type.raw()), properties, required);
    }

    private static Members object(Members schema, Members properties, List<String> required) {
        schema.put("properties", properties);
        return required.isEmpty() ? schema : schema.with("required", required);
    }

    /// A field of a form, or a parameter of a query: a text, or several of a name.
    ///
    /// @param required whether it must be there
    record Field(String name, Members schema, boolean required) {}

    /// The fields that a record is made of, if it is made of texts and files.
    List<Field> fields(Class<?> type) {
        return Stream.of(type.getRecordComponents()).map(this::field).toList();
    }

    private Field field(RecordComponent component) {
        ValueType type = ValueType.of(component.getGenericType());
        ValueType given = type.raw() == Optional.class ? type.argument(0) : type;
        boolean required = Operation.isRequired(component) && type.raw() != List.class && type.raw() != boolean.class;
        Members schema = of(given);
        return new Field(component.getName(), withNotes(schema, component), required);
    }

    /// A form's fields as an object; as a reference to the record where JSON has the same, since generators then make
    /// one type of both.
    Members ofForm(Class<?> type) {
        Members properties = new Members();
        List<String> required = new ArrayList<>();
        for (Field field : fields(type)) {
            properties.put(field.name(), field.schema());
            if (field.required()) {
                required.add(field.name());
            }
        }
        Members form = object(described(new Members().with("type", "object"), type), properties, required);
        return form.equals(named.get(ValueType.of(type))) ? reference(ValueType.of(type)) : form;
    }

    private static Members withNotes(Members schema, RecordComponent component) {
        new Constraints(component).addTo(schema);
        described(schema, component);
        Description description = component.getAnnotation(Description.class);
        return description == null || description.example().isEmpty()
                ? schema
                : schema.with("examples", List.of(example(schema, description.example(), component)));
    }

    private static Object example(Members schema, String text, RecordComponent component) {
        boolean isText = List.of("string", List.of("string", "null")).contains(schema.getOrDefault("type", ""));
        boolean isEnum = ValueType.of(component.getGenericType()).raw().isEnum();
        if (isText || isEnum) {
            return text;
        }
        try {
            return JsonCodec.jackson().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
        } catch (HttpException e) {
            throw new IllegalArgumentException(
                    "OpenApi: the example of %s.%s is no JSON: %s"
                            .formatted(component.getDeclaringRecord().getName(), component.getName(), text),
                    e);
        }
    }

    private static Members described(Members schema, AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        return description == null ? schema : schema.withText("description", description.value());
    }
}
