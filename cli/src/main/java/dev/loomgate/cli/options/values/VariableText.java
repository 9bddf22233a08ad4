package dev.loomgate.cli.options.values;

import java.util.Map;
import picocli.CommandLine.ITypeConverter;

/// A variable and its value, `NAME=VALUE`; a name alone has the empty value.
final class VariableText implements ITypeConverter<Map.Entry<String, String>> {
    @Override
    public Map.Entry<String, String> convert(String text) {
        int equals = text.indexOf('=');
        return equals < 0 ? Map.entry(text, "") : Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }
}
