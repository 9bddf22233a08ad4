package dev.loomgate.toolkit.routing.converters;

import java.util.Optional;

/// `path`: text that may hold slashes, but not begin with one. After its first character it holds no line feed.
final class PathConverter implements Converter<String>, WholeText {
    PathConverter(ConverterArguments arguments) {
        arguments.only();
    }

    @Override
    public Class<?> type() {
        return String.class;
    }

    @Override
    public String regex() {
        return "[^/].*?";
    }

    @Override
    public int weight() {
        return 200;
    }

    @Override
    public boolean partIsolating() {
        return false;
    }

    @Override
    public Optional<String> toValue(String text) {
        return text.isEmpty()
                        || text.charAt(0) == '/'
                        || text.indexOf('\n', Character.charCount(text.codePointAt(0))) >= 0
                ? Optional.empty()
                : Optional.of(text);
    }
}
