package dev.loomgate.toolkit.settings;

import dev.loomgate.toolkit.values.FieldNames;
import dev.loomgate.toolkit.values.RecordReader;
import dev.loomgate.toolkit.values.RecordShape.Component;
import java.util.List;
import java.util.Locale;

/// One setting: a component of the record, and its names.
///
/// @param key `database-password`: in files, of credentials, and behind `--`
/// @param type of its value, or of each of its values
/// @param many whether it is a list
record Setting(String key, Class<?> type, boolean many) {
    static Setting of(Component component) {
        return new Setting(key(component.name()), RecordReader.element(component), component.type() == List.class);
    }

    static String key(String component) {
        return FieldNames.of(component).toLowerCase(Locale.ROOT);
    }

    boolean isSecret() {
        return type == Secret.class;
    }

    /// Whether the argument alone says all.
    boolean isFlag() {
        return type == boolean.class || type == Boolean.class;
    }

    String argument() {
        return "--" + key;
    }

    /// @param prefix of the program, with its underscore
    String variable(String prefix) {
        return prefix + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
