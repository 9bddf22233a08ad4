package dev.loomgate.toolkit.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the program itself says where nobody else does.
///
/// @param texts by the names of the record's components
record Defaults(Map<String, String> texts) implements Place {
    @Override
    public Map<String, Given> read(Map<String, Setting> settings, List<String> problems) {
        Map<String, Given> given = new LinkedHashMap<>();
        texts.forEach((component, text) -> {
            Setting setting = settings.get(Setting.key(component));
            if (setting == null) {
                throw new IllegalArgumentException("there is a default for %s, which the record doesn't have: it has %s"
                        .formatted(component, String.join(", ", settings.keySet())));
            }
            given.put(setting.key(), Given.of(List.of(text), "the default of " + setting.key(), setting));
        });
        return given;
    }

    @Override
    public List<String> ways(Setting setting) {
        return List.of();
    }
}
