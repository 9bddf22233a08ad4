package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.records.Components;
import dev.loomgate.toolkit.records.RequiredComponents;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// JSON by Jackson 3. A record that it reads is whole: it has all components but those that may be null.
final class JacksonCodec implements JsonCodec {
    static final JacksonCodec INSTANCE = new JacksonCodec();

    private final JsonMapper mapper = JsonMapper.builder()
            .annotationIntrospector(
                    new AnnotationIntrospectorPair(new JacksonAnnotationIntrospector(), new RequiredComponents()))
            .build();

    @Override
    public Object read(byte[] json, Type type) {
        if (json.length == 0) {
            throw new BadRequest("The request's body is empty, and should be JSON.");
        }
        Object value;
        try {
            value = mapper.readValue(json, mapper.constructType(type));
        } catch (StreamReadException e) {
            throw new BadRequest("The request's body is not valid JSON" + place(e.getLocation()) + ".", e);
        } catch (InvalidNullException e) {
            throw Components.missing(path(e));
        } catch (ValueInstantiationException e) {
            throw failed(e);
        } catch (DatabindException e) {
            throw unexpected(e);
        }
        if (value == null) {
            throw new BadRequest("The request's JSON is null.");
        }
        return value;
    }

    /// What to say of a value's own constructor that threw.
    private static RuntimeException failed(ValueInstantiationException e) {
        return switch (e.getCause()) {
            // It has something to say to the client.
            case IllegalArgumentException refused -> Components.refused(refused);
            // A record had all that it must have, so the fault is its own.
            case RuntimeException bug when e.getType().getRawClass().isRecord() -> bug;
            case null, default -> unexpected(e);
        };
    }

    private static BadRequest unexpected(DatabindException e) {
        String path = path(e);
        return new BadRequest(
                "The request's JSON has an unexpected value"
                        + (path.isEmpty() ? "" : " at $" + (path.startsWith("[") ? path : "." + path))
                        + place(e.getLocation()) + ".",
                e);
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    /// Where it is, as in `owner.pets[2].name`.
    private static String path(DatabindException e) {
        String path = e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    @Override
    public byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " can't be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
