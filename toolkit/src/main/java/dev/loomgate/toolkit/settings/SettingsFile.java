package dev.loomgate.toolkit.settings;

import dev.loomgate.gateway.Quoting;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/// A file of settings: a `.properties` file in UTF-8 ([Properties#load]).
///
/// @param mayBeMissing whether that is no problem
record SettingsFile(Path path, boolean mayBeMissing) implements Place {
    @Override
    public Map<String, Given> read(Map<String, Setting> settings, List<String> problems) {
        Map<String, Given> given = new LinkedHashMap<>();
        try {
            Lines lines = new Lines();
            lines.load(new StringReader(Files.readString(path)));
            for (String key : new TreeSet<>(lines.stringPropertyNames())) {
                String shown = Quoting.printable(key);
                Setting setting = settings.get(key);
                if (setting == null) {
                    problems.add("\"%s\" in %s is unknown: the settings are %s"
                            .formatted(shown, path, String.join(", ", settings.keySet())));
                } else if (lines.twice.contains(key)) {
                    problems.add("%s in %s is there twice".formatted(key, path));
                    given.put(key, Given.WRONG);
                } else {
                    given.put(
                            key,
                            Given.of(List.of(lines.getProperty(key, "")), "%s in %s".formatted(key, path), setting));
                }
            }
        } catch (NoSuchFileException e) {
            if (!mayBeMissing) {
                problems.add("file %s is missing".formatted(path));
            }
        } catch (IOException e) {
            problems.add(unreadable("file " + path, e));
        } catch (IllegalArgumentException e) {
            problems.add("file %s has a \\u without four hexadecimal digits".formatted(path));
        }
        return given;
    }

    @Override
    public List<String> ways(Setting setting) {
        return List.of("%s in %s".formatted(setting.key(), path));
    }

    /// What is said of a file that can't be read, without what is in it.
    static String unreadable(String origin, IOException e) {
        return e instanceof CharacterCodingException
                ? origin + " has bytes that aren't UTF-8"
                : "%s can't be read: %s".formatted(origin, e);
    }

    /// Notices what the JDK's class overwrites.
    private static final class Lines extends Properties {
        private static final long serialVersionUID = 1;

        private final transient Set<String> twice = new TreeSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (containsKey(key)) {
                twice.add((String) key);
            }
            return super.put(key, value);
        }
    }
}
