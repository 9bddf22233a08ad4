package dev.loomgate.toolkit.settings;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.values.RecordReader;
import dev.loomgate.toolkit.values.Scalars;
import dev.loomgate.toolkit.values.TextFaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One reading: what the places say of each setting, and what is wrong.
final class Reading implements RecordReader.Source, TextFaults {
    private final Map<String, Setting> settings;
    private final List<Place> places;
    private final Map<String, Given> found = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /// @param places each says more than those before it
    Reading(Map<String, Setting> settings, List<Place> places) {
        this.settings = settings;
        this.places = places;
        places.forEach(place -> found.putAll(place.read(settings, problems)));
    }

    /// Whether values of a type are made here, besides those of [Scalars].
    static boolean makes(Class<?> type) {
        return type == Secret.class || type == Path.class;
    }

    void add(List<String> lines) {
        problems.addAll(lines);
    }

    @Override
    public Optional<?> first(String name, Class<?> type) {
        return Optional.ofNullable(found.get(name))
                .flatMap(given -> given.texts().stream().findFirst());
    }

    @Override
    public List<?> all(String name, Class<?> type) {
        Given given = found.get(name);
        if (given == null) {
            return List.of();
        }
        return setting(name).many() ? given.elements() : given.texts();
    }

    private Setting setting(String name) {
        return Objects.requireNonNull(settings.get(name), name);
    }

    @Override
    public String named(String component) {
        return Setting.key(component);
    }

    @Override
    public Optional<Object> parsed(String name, String text, Class<?> type) {
        try {
            return Optional.of(made(text, type));
        } catch (IllegalArgumentException e) {
            Given given = found.getOrDefault(name, Given.WRONG);
            problems.add("%s must be %s%s"
                    .formatted(
                            given.origin(),
                            type == Path.class ? "a path" : Scalars.name(type),
                            given.shown() ? ", not \"" + Quoting.printable(text) + "\"" : ""));
            return Optional.empty();
        }
    }

    private static Object made(String text, Class<?> type) {
        if (type == Secret.class) {
            return Secret.of(text);
        }
        return type == Path.class ? Path.of(text) : Scalars.parse(text, type);
    }

    @Override
    public void missing(String name) {
        if (!found.containsKey(name)) {
            Setting setting = setting(name);
            problems.add("%s has no value: give one of %s"
                    .formatted(
                            name,
                            String.join(
                                    ", ",
                                    places.reversed().stream()
                                            .flatMap(place -> place.ways(setting).stream())
                                            .toList())));
        }
    }

    @Override
    public void check() {
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
    }

    @Override
    public WrongSettings refusal(RuntimeException e) {
        String message = e.getMessage();
        return new WrongSettings(List.of(message == null ? "the settings are refused: " + e : message));
    }
}
