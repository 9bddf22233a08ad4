package dev.loomgate.toolkit.routes;

import java.util.ArrayList;
import java.util.List;

/// Text with `$1` for what a regular expression has found, and `${NAME}` for a variable.
///
/// Other dollars stay as they are. A group or a variable that isn't there is empty.
final class Template {
    private sealed interface Part {}

    private record Text(String text) implements Part {}

    private record Group(int number) implements Part {}

    private record Name(String name) implements Part {}

    private final List<Part> parts = new ArrayList<>();
    private final String source;

    private Template(String source) {
        this.source = source;
    }

    static Template of(String source) {
        Template template = new Template(source);
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
            int end = next == '{' ? source.indexOf('}', at) : -1;
            if (c == '$' && next >= '0' && next <= '9') {
                template.text(text);
                template.parts.add(new Group(next - '0'));
                at += 2;
            } else if (c == '$' && end > 0) {
                template.text(text);
                template.parts.add(new Name(source.substring(at + 2, end)));
                at = end + 1;
            } else if (c == '$' && next == '$') {
                text.append("$$"); // the second begins nothing, as in uWSGI
                at += 2;
            } else {
                text.append(c);
                at++;
            }
        }
        template.text(text);
        return template;
    }

    private void text(StringBuilder text) {
        if (!text.isEmpty()) {
            parts.add(new Text(text.toString()));
            text.setLength(0);
        }
    }

    /// The text for a request.
    String fill(Trip trip) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            filled.append(
                    switch (part) {
                        case Text(String text) -> text;
                        case Group(int number) ->
                            number < trip.groups().size() ? trip.groups().get(number) : "";
                        case Name(String name) -> RouteVariables.value(name, trip);
                    });
        }
        return filled.toString();
    }

    @Override
    public String toString() {
        return source;
    }
}
