package dev.loomgate.openapi;

import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.resources.Operation;
import dev.loomgate.toolkit.resources.Operation.Source;
import dev.loomgate.toolkit.routing.converters.Converter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What an operation takes: parameters of the path and the query, and a body.
///
/// @param schemas of the document
record Inputs(Schemas schemas) {
    /// Header fields that OpenAPI ignores among parameters: it has them in media types and security schemes.
    private static final Set<String> OF_OTHER_PLACES = Set.of("Accept", "Content-Type", "Authorization");

    /// The parameters, those of the path first.
    ///
    /// @param names what the document calls the path's variables, in order
    List<Members> parameters(Operation operation, List<String> names) {
        List<Members> parameters = new ArrayList<>();
        Iterator<String> name = names.iterator();
        for (Converter<?> converter : operation.variables().values()) {
            parameters.add(parameter("path", name.next(), true).with("schema", ofPath(converter)));
        }
        for (Operation.Input input : operation.inputs()) {
            if (!input.source().isBody()) {
                parameters.addAll(ofRecord(input));
            }
        }
        return parameters;
    }

    private List<Members> ofRecord(Operation.Input input) {
        boolean header = input.source() == Source.HEADERS;
        List<Members> parameters = new ArrayList<>();
        RecordComponent[] components = input.type().getRecordComponents();
        List<Schemas.Field> fields = schemas.fields(input.type());
        for (int i = 0; i < components.length; i++) {
            Schemas.Field field = fields.get(i);
            String name = header ? Operation.fieldName(components[i]) : field.name();
            if (header && OF_OTHER_PLACES.contains(name)) {
                continue;
            }
            Members parameter = parameter(header ? "header" : "query", name, field.required());
            Object description = field.schema().remove("description");
            if (description != null) {
                parameter.put("description", description);
            }
            parameters.add(parameter.with("schema", field.schema()));
        }
        return parameters;
    }

    private static Members parameter(String place, String name, boolean required) {
        return new Members().with("name", name).with("in", place).with("required", required);
    }

    private Members ofPath(Converter<?> converter) {
        // Its own map may have any order.
        Members own = new Members(new TreeMap<>(converter.schema()));
        if (own.containsKey("type")) {
            return own;
        }
        // Of a type that isn't known, the path has a text all the same.
        Members schema = ScalarSchemas.of(converter.type()).orElseGet(() -> new Members().with("type", "string"));
        schema.putAll(own);
        return schema;
    }

    /// The body; empty if it has none, or none that is known.
    Optional<Members> body(Operation operation, OperationDetails details) {
        if (details.body().isPresent()) {
            ValueType type = ValueType.of(details.body().get());
            return Optional.of(required(Answers.content("application/json", schemas.of(type))));
        }
        return operation.inputs().stream()
                .filter(input -> input.source().isBody())
                .findFirst()
                .map(input -> required(content(input)));
    }

    private static Members required(Members content) {
        return new Members().with("required", true).with("content", content);
    }

    private Members content(Operation.Input input) {
        Members content = new Members();
        // JSON has no files.
        boolean files = hasFiles(input.type());
        if (!files) {
            content.putAll(Answers.content("application/json", schemas.of(ValueType.of(input.type()))));
        }
        if (input.source() == Source.JSON_OR_FORM) {
            Stream.of("application/x-www-form-urlencoded", "multipart/form-data")
                    .filter(form -> !files || form.startsWith("multipart"))
                    .forEach(form -> content.putAll(Answers.content(form, schemas.ofForm(input.type()))));
        }
        return content;
    }

    private static boolean hasFiles(Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .map(component -> ValueType.of(component.getGenericType()))
                .anyMatch(component -> component.raw() == UploadedFile.class
                        || component.argument(0).raw() == UploadedFile.class);
    }
}
