package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/// JSON by Jackson 3.
final class JacksonCodec implements JsonCodec {
    static final JacksonCodec INSTANCE = new JacksonCodec();

    private final JsonMapper mapper = JsonMapper.shared();

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
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof IllegalArgumentException refused && refused.getMessage() != null) {
                // By the value's own constructor, which has something to say to the client.
                throw new UnprocessableEntity(refused.getMessage());
            }
            throw unexpected(e);
        } catch (DatabindException e) {
            throw unexpected(e);
        }
        if (value == null) {
            throw new BadRequest("The request's JSON is null.");
        }
        return value;
    }

    private static BadRequest unexpected(DatabindException e) {
        return new BadRequest("The request's JSON has an unexpected value" + path(e) + place(e.getLocation()) + ".", e);
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String path(DatabindException e) {
        String path = e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
        return path.isEmpty() ? "" : " at $" + path;
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
