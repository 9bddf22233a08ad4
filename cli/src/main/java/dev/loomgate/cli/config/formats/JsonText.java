package dev.loomgate.cli.config.formats;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// JSON as uWSGI with yajl reads it: numbers as they are written, `true` is `1`, `false` and `null` are `0`, an array
/// is its items one after the other, and objects inside are passed over. Comments may be there.
///
/// ```json
/// {"uwsgi": {"processes": 4, "master": true, "env": ["A=1", "B=2"]}}
/// ```
final class JsonText implements SectionReader {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    @Override
    public SectionText read(String text, @Nullable String section) {
        int end = text.indexOf('\0');
        try (JsonParser json =
                FACTORY.createParser(ObjectReadContext.empty(), end < 0 ? text : text.substring(0, end))) {
            return read(json, section);
        } catch (StreamReadException e) {
            throw new WrongText(e.getLocation().getLineNr(), "this isn't JSON: " + e.getOriginalMessage());
        } catch (JacksonException e) {
            throw new WrongText(1, "this isn't JSON: " + e.getOriginalMessage());
        }
    }

    private static SectionText read(JsonParser json, @Nullable String section) {
        List<SectionText.Entry> entries = new ArrayList<>();
        Set<String> sections = new LinkedHashSet<>();
        boolean found = false;
        if (json.nextToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
                if (isObject && name.equals(section) && !found) {
                    found = true;
                    section(json, entries);
                } else {
                    json.skipChildren();
                }
                if (isObject) {
                    sections.add(name);
                }
            }
        } else {
            json.skipChildren();
        }
        if (json.nextToken() != null) {
            throw new WrongText(json.currentTokenLocation().getLineNr(), "this isn't JSON: something follows its end");
        }
        return new SectionText(entries, found, List.copyOf(sections), List.of());
    }

    private static void section(JsonParser json, List<SectionText.Entry> entries) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    add(json, key, entries);
                }
            } else {
                add(json, key, entries);
            }
        }
    }

    private static void add(JsonParser json, String key, List<SectionText.Entry> entries) {
        int line = json.currentTokenLocation().getLineNr();
        value(json).ifPresent(value -> entries.add(new SectionText.Entry(key, value, line)));
        json.skipChildren();
    }

    private static Optional<String> value(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Optional.of(json.getString());
            case VALUE_TRUE -> Optional.of("1");
            case VALUE_FALSE, VALUE_NULL -> Optional.of("0");
            default -> Optional.empty();
        };
    }
}
