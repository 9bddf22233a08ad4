package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.values.Components;
import dev.loomgate.toolkit.values.RequiredComponents;
import dev.loomgate.toolkit.values.Scalars;
import dev.loomgate.toolkit.values.StrictJson;
import dev.loomgate.toolkit.values.StrictTypes;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// JSON by Jackson 3. A record that it reads is whole: it has all components but those that may be null. Its values are
/// of their types, without conversions between these.
final class JacksonCodec implements JsonCodec {
    static final JacksonCodec INSTANCE = new JacksonCodec();

    private final JsonMapper mapper = JsonMapper.builder()
            .annotationIntrospector(
                    new AnnotationIntrospectorPair(new JacksonAnnotationIntrospector(), new RequiredComponents()))
            .addModule(StrictTypes.module())
            // A value is of its type, or refused: 1.9 is no int, "1" no number, 0 neither false nor an enum's first.
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            // Nor is an empty text or list a date that is missing.
            .withCoercionConfig(LogicalType.DateTime, JacksonCodec::refuseEmpty)
            .withCoercionConfig(LogicalType.OtherScalar, JacksonCodec::refuseEmpty)
            .build();

    private static void refuseEmpty(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail);
    }

    @Override
    public Object read(byte[] json, Type type) {
        if (json.length == 0) {
            throw new BadRequest("The request's body is empty, and should be JSON.");
        }
        Object value = read(json, mapper.constructType(type));
        if (value == null) {
            throw new BadRequest("The request's JSON is null.");
        }
        return value;
    }

    private @Nullable Object read(byte[] json, JavaType type) {
        try (JsonParser parser = new StrictJson(mapper.createParser(json))) {
            return mapper.readValue(parser, type);
        } catch (InvalidDefinitionException e) {
            throw unreadable(type, e);
        } catch (InvalidNullException e) {
            throw Components.missing(path(e));
        } catch (ValueInstantiationException e) {
            throw failed(e);
        } catch (DatabindException e) {
            throw thrown(e);
        } catch (InputCoercionException e) {
            throw new BadRequest("The request's JSON has a number out of range" + place(e.getLocation()) + ".", e);
        } catch (StreamConstraintsException e) {
            throw new BadRequest(
                    "The request's JSON is nested too deeply, or has too long a number or text" + place(e.getLocation())
                            + ".",
                    e);
        } catch (JacksonException e) {
            // Of bytes, it can't be read only because it is malformed: as to its characters, too.
            throw new BadRequest("The request's body is not valid JSON" + place(e.getLocation()) + ".", e);
        } catch (StackOverflowError e) {
            throw new BadRequest("The request's JSON is nested too deeply.", e);
        } catch (RuntimeException e) {
            throw Scalars.isRefusal(e) ? new BadRequest("The request's JSON has an unexpected value.", e) : e;
        }
    }

    /// The application's fault: no JSON at all becomes such a value.
    private static IllegalStateException unreadable(JavaType type, InvalidDefinitionException e) {
        JavaType culprit = e.getType() == null ? type : e.getType();
        return new IllegalStateException(
                "no %s can be read from JSON, since Jackson can't make a %s: %s"
                        .formatted(type.getTypeName(), culprit.getRawClass().getName(), e.getOriginalMessage()),
                e);
    }

    /// What to say of a value's own constructor that threw.
    private static RuntimeException failed(ValueInstantiationException e) {
        return switch (e.getCause()) {
            // It has something to say to the client.
            case RuntimeException refused when Scalars.isRefusal(refused) -> Components.refused(refused);
            // A record had all that it must have, so the fault is its own.
            case RuntimeException bug when e.getType().getRawClass().isRecord() -> bug;
            case null, default -> unexpected(e);
        };
    }

    /// What to say of an exception that may be another one's wrapping: a setter's, or a deserializer's.
    private static RuntimeException thrown(DatabindException e) {
        Throwable cause = e.getCause();
        while (cause instanceof DatabindException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case JacksonException _ -> unexpected(e);
            case RuntimeException bug when !(e instanceof MismatchedInputException) && !Scalars.isRefusal(bug) -> bug;
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
