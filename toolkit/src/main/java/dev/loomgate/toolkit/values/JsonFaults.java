package dev.loomgate.toolkit.values;

import dev.loomgate.toolkit.exceptions.HttpException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/// All that is wrong with JSON that Jackson has refused. Jackson ends at the first fault; so the records are gone
/// through once more here, and each of their components is read by itself.
///
/// A record with annotations of Jackson's own, and anything that is no record, is read as a whole: one fault.
public final class JsonFaults {
    // Each is read by a parser of its own: a large body with a fault at its end must not hold the loop.
    private static final int MOST_VALUES = 1000;

    private static final int LONGEST_NAME = 100;

    private static final Map<Class<?>, Class<?>> OPTIONALS =
            Map.of(OptionalInt.class, int.class, OptionalLong.class, long.class, OptionalDouble.class, double.class);

    private final JsonMapper mapper;
    private final byte[] json;
    private final boolean knownOnly;
    private final Faults faults = new Faults(Faults.Input.JSON);
    private int values;

    /// @param mapper what refused the JSON
    public JsonFaults(JsonMapper mapper, byte[] json) {
        this.mapper = mapper;
        this.json = json;
        knownOnly = mapper.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /// A place in the JSON.
    ///
    /// @param pointer to it
    /// @param start the offset of its first byte
    /// @param end the offset behind its last byte
    private record Piece(String pointer, int start, int end) {}

    /// What answers the request.
    ///
    /// @param type what it was to be read as
    /// @param first what Jackson threw
    public HttpException answer(JavaType type, JacksonException first) {
        try (JsonParser parser = mapper.createParser(json)) {
            JsonToken token = parser.nextToken();
            int start = offset(parser.currentTokenLocation());
            // In UTF-16 and UTF-32 there are no offsets.
            if (start >= 0 && token != null && token.isStructStart() && json[start] == token.asByteArray()[0]) {
                walk(parser, type, null, "");
            }
        } catch (JacksonException e) {
            // It is malformed behind its first fault. That one will do.
        }
        if (faults.count() == 0) {
            add(first, type, new Piece("", 0, json.length));
        }
        return faults.answer();
    }

    /// From the first token of a value to its last.
    ///
    /// @param component what it is the value of, if it is one's
    /// @return whether it was read as a whole
    private boolean walk(JsonParser parser, JavaType declared, @Nullable RecordComponent component, String pointer) {
        JavaType type = content(declared);
        if (parser.currentToken() == JsonToken.START_OBJECT && isPlain(type)) {
            walkRecord(parser, type, pointer);
            return false;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY && isList(type) && isPlain(type.getContentType())) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY && !isEnough(); i++) {
                if (parser.currentToken() != JsonToken.VALUE_NULL) {
                    walk(parser, type.getContentType(), null, pointer + "/" + i);
                } else if (component != null && !Components.mayHoldNull(component)) {
                    faults.missing(pointer + "/" + i);
                }
            }
            return false;
        }
        read(parser, declared, component, pointer);
        return true;
    }

    private void walkRecord(JsonParser parser, JavaType type, String pointer) {
        int before = faults.count();
        int start = offset(parser.currentTokenLocation());
        boolean simple = true;
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        Set<String> missing = new LinkedHashSet<>();
        for (RecordComponent component : type.getRawClass().getRecordComponents()) {
            components.put(component.getName(), component);
            if (!Components.mayBeNull(component)) {
                missing.add(component.getName());
            }
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME && !isEnough()) {
            String name = parser.currentName();
            String place = pointer + step(name);
            RecordComponent component = components.get(name);
            parser.nextToken();
            if (component == null) {
                parser.skipChildren();
                if (knownOnly) {
                    faults.unknown(place, components.keySet());
                }
            } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
                missing.remove(name);
                JavaType declared =
                        mapper.getTypeFactory().resolveMemberType(component.getGenericType(), type.getBindings());
                simple &= walk(parser, declared, component, place);
            }
        }
        if (!isEnough()) {
            missing.forEach(name -> faults.missing(pointer + step(name)));
            if (simple && faults.count() == before) {
                construct(type, new Piece(pointer, start, offset(parser.currentLocation())));
            }
        }
    }

    private boolean isEnough() {
        return faults.isFull() || values > MOST_VALUES;
    }

    private void read(JsonParser parser, JavaType type, @Nullable RecordComponent component, String pointer) {
        values++;
        int start = offset(parser.currentTokenLocation());
        parser.skipChildren();
        parser.finishToken();
        Piece piece = new Piece(pointer, start, offset(parser.currentLocation()));
        try (JsonParser alone = parser(piece)) {
            Object value = mapper.readValue(new StrictJson(alone), type);
            if (value == null && component != null && !Components.mayBeNull(component)) {
                faults.missing(pointer);
            } else if (component != null && !Components.mayHoldNull(component)) {
                checkElements(value, pointer);
            }
        } catch (JacksonException e) {
            add(e, type, piece);
        } catch (RuntimeException e) {
            // The application's fault, unless Jackson met the same and said so.
        }
    }

    private void checkElements(@Nullable Object value, String pointer) {
        List<@Nullable Object> elements =
                switch (value) {
                    case Iterable<?> some -> {
                        List<@Nullable Object> all = new ArrayList<>();
                        some.forEach(all::add);
                        yield all;
                    }
                    case Object[] some -> Arrays.asList(some);
                    case null, default -> List.of();
                };
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) == null) {
                faults.missing(pointer + "/" + i);
            }
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> {
                if (element == null) {
                    faults.missing(pointer + step(String.valueOf(key)));
                }
            });
        }
    }

    /// A record whose components are as they should be, unless its constructor has something against them.
    private void construct(JavaType type, Piece piece) {
        try (JsonParser alone = parser(piece)) {
            mapper.readValue(new StrictJson(alone), type);
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof RuntimeException refused && Scalars.isRefusal(refused)) {
                faults.refused(piece.pointer(), refused);
            }
        } catch (RuntimeException e) {
            // Jackson met another fault before, or it is the application's.
        }
    }

    private void add(JacksonException e, JavaType type, Piece piece) {
        List<JacksonException.Reference> path = e.getPath();
        StringBuilder place = new StringBuilder(piece.pointer());
        path.forEach(step ->
                place.append(step.getPropertyName() == null ? "/" + step.getIndex() : step(step.getPropertyName())));
        String pointer = place.toString();
        switch (e) {
            case UnrecognizedPropertyException unknown -> faults.unknown(pointer, unknown.getKnownPropertyIds());
            case InvalidNullException _ -> faults.missing(pointer);
            case ValueInstantiationException failed
            when failed.getCause() instanceof RuntimeException refused && Scalars.isRefusal(refused) ->
                faults.refused(pointer, refused);
            default -> faults.unlike(pointer, message(e, type, piece));
        }
    }

    private String message(JacksonException e, JavaType type, Piece piece) {
        Class<?> target =
                switch (e) {
                    case InputCoercionException coerced -> coerced.getTargetType();
                    case MismatchedInputException mismatched -> mismatched.getTargetType();
                    default -> null;
                };
        if (e.getPath().isEmpty()
                && content(type).isMapLikeType()
                && target != null
                && e instanceof InvalidFormatException format
                && format.getValue() instanceof String key) {
            return "must have as its keys " + name(target) + ", not " + Faults.quoted(key);
        }
        String shown = shown(piece, e.getPath());
        String wanted = e.getPath().isEmpty() ? name(type) : target == null ? "" : name(target);
        // A value may be of the right kind, and still have something within it that can't be read.
        return wanted.isEmpty() || wanted.equals(shown)
                ? "must not be " + shown
                : "must be " + wanted + ", not " + shown;
    }

    /// What a value of a type is called; empty if that can't be said.
    private String name(JavaType declared) {
        JavaType type = content(declared);
        return isList(type) ? "a list" : name(type.getRawClass());
    }

    private String name(Class<?> declared) {
        Class<?> type = OPTIONALS.getOrDefault(declared, declared);
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(this::written).collect(Scalars.oneOf());
        }
        if (Scalars.knows(type)) {
            return Scalars.name(type);
        }
        if (type == byte[].class) {
            return "bytes in Base64";
        }
        if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type == Number.class) {
            return "a number";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "";
    }

    private String written(Object constant) {
        try {
            return mapper.valueToTree(constant).asString();
        } catch (JacksonException e) {
            return constant.toString();
        }
    }

    /// The value at a path within a piece, as it is shown to who sent it.
    private String shown(Piece piece, List<JacksonException.Reference> path) {
        try (JsonParser parser = parser(piece)) {
            parser.nextToken();
            for (JacksonException.Reference step : path) {
                enter(parser, step);
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "a list";
                case VALUE_STRING -> Faults.quoted(parser.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                    Faults.shown(parser.getString());
                case null, default -> "this";
            };
        } catch (JacksonException e) {
            return "this";
        }
    }

    private static void enter(JsonParser parser, JacksonException.Reference step) {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; i < step.getIndex() && parser.nextToken() != JsonToken.END_ARRAY; i++) {
                parser.skipChildren();
            }
            parser.nextToken();
            return;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(step.getPropertyName());
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
    }

    private JsonParser parser(Piece piece) {
        return mapper.createParser(json, piece.start(), piece.end() - piece.start());
    }

    private static int offset(TokenStreamLocation location) {
        return Math.toIntExact(location.getByteOffset());
    }

    /// Of an Optional, what may be in it.
    private static JavaType content(JavaType type) {
        return type.isReferenceType() ? type.getReferencedType() : type;
    }

    private static boolean isList(JavaType type) {
        return (type.isCollectionLikeType() || type.isArrayType()) && type.getRawClass() != byte[].class;
    }

    /// Whether Jackson reads it just as it is declared.
    private static boolean isPlain(JavaType type) {
        Class<?> raw = type.getRawClass();
        return raw.isRecord()
                && Stream.of(
                                Stream.of(raw),
                                Arrays.stream(raw.getRecordComponents()),
                                Arrays.stream(raw.getDeclaredFields()),
                                Arrays.stream(raw.getDeclaredMethods()),
                                Arrays.stream(raw.getDeclaredConstructors()),
                                Arrays.stream(raw.getDeclaredConstructors())
                                        .flatMap(constructor -> Arrays.stream(constructor.getParameters())))
                        .flatMap(elements -> elements)
                        .noneMatch(JsonFaults::isJacksons);
    }

    private static boolean isJacksons(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().contains(".jackson."));
    }

    /// A step of a JSON pointer (RFC 6901 section 3).
    static String step(String name) {
        return "/" + Faults.cut(name, LONGEST_NAME).replace("~", "~0").replace("/", "~1");
    }

    /// What answers JSON in which an object has a member twice.
    ///
    /// @param parser at the second one
    public static HttpException repeated(JsonParser parser) {
        Faults faults = new Faults(Faults.Input.JSON);
        StringBuilder pointer = new StringBuilder();
        for (TokenStreamContext at = parser.streamReadContext(); at != null && !at.inRoot(); at = at.getParent()) {
            pointer.insert(0, at.inArray() ? "/" + at.getCurrentIndex() : step(String.valueOf(at.currentName())));
        }
        faults.unlike(pointer.toString(), "must be there only once");
        return faults.answer();
    }
}
