package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.values.JsonFaults;
import dev.loomgate.toolkit.values.RequiredComponents;
import dev.loomgate.toolkit.values.Scalars;
import dev.loomgate.toolkit.values.StrictJson;
import dev.loomgate.toolkit.values.StrictTypes;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// JSON by Jackson 3. A record that it reads is whole: it has all components but those that may be null. Its values are
/// of their types, without conversions between these.
final class JacksonCodec implements JsonCodec {
    static final JacksonCodec INSTANCE = new JacksonCodec(JsonMapper.builder()
            // Which of two values counts is anybody's guess: another reader of the same text may guess otherwise.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
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
            // Nor a number or a truth value a text.
            .withCoercionConfig(LogicalType.Textual, JacksonCodec::refuseOthers)
            .build());

    static final JacksonCodec KNOWN_MEMBERS = new JacksonCodec(INSTANCE.mapper
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());

    private final JsonMapper mapper;

    private JacksonCodec(JsonMapper mapper) {
        this.mapper = mapper;
    }

    static void forgetTypes() {
        INSTANCE.mapper.clearCaches();
        KNOWN_MEMBERS.mapper.clearCaches();
    }

    private static void refuseEmpty(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail);
    }

    private static void refuseOthers(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
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
            try {
                return mapper.readValue(parser, type);
            } catch (StreamReadException e) {
                throw unreadable(e, parser, json, type);
            }
        } catch (InvalidDefinitionException e) {
            throw impossible(type, e);
        } catch (DatabindException e) {
            throw mistake(e).orElseGet(() -> new JsonFaults(mapper, json).answer(type, e));
        } catch (StreamConstraintsException e) {
            throw new BadRequest(
                    "The request's JSON is nested too deeply, or has too long a number or text" + place(e.getLocation())
                            + ".",
                    e);
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (StackOverflowError e) {
            throw new BadRequest("The request's JSON is nested too deeply.", e);
        } catch (RuntimeException e) {
            throw Scalars.isRefusal(e) ? new BadRequest("The request's JSON has an unexpected value.", e) : e;
        }
    }

    private HttpException unreadable(StreamReadException e, JsonParser parser, byte[] json, JavaType type) {
        if (e instanceof InputCoercionException) {
            return new JsonFaults(mapper, json).answer(type, e);
        }
        // Jackson has no other type for it.
        return e.getOriginalMessage().startsWith("Duplicate ") ? JsonFaults.repeated(parser) : malformed(e);
    }

    // Of bytes, it can't be read only because it is malformed: as to its characters, too.
    private static BadRequest malformed(JacksonException e) {
        return new BadRequest("The request's body is not valid JSON" + place(e.getLocation()) + ".", e);
    }

    /// The application's fault: no JSON at all becomes such a value.
    private static IllegalStateException impossible(JavaType type, InvalidDefinitionException e) {
        JavaType culprit = e.getType() == null ? type : e.getType();
        return new IllegalStateException(
                "no %s can be read from JSON, since Jackson can't make a %s: %s"
                        .formatted(type.getTypeName(), culprit.getRawClass().getName(), e.getOriginalMessage()),
                e);
    }

    /// What a constructor, a setter or a deserializer of the application's own threw, if that is no refusal of a value.
    private static Optional<RuntimeException> mistake(DatabindException e) {
        Throwable cause = e.getCause();
        while (cause instanceof DatabindException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean own = e instanceof ValueInstantiationException failed
                // A record had all that it must have, so the fault is its own.
                ? failed.getType().getRawClass().isRecord()
                : !(e instanceof MismatchedInputException);
        return own
                        && cause instanceof RuntimeException thrown
                        && !(cause instanceof JacksonException)
                        && !Scalars.isRefusal(thrown)
                ? Optional.of(thrown)
                : Optional.empty();
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
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
