package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.RequestHeaders;
import dev.loomgate.toolkit.syntax.HeaderList;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.RecordShape;
import dev.loomgate.toolkit.values.RecordShape.Component;
import java.util.List;

/// Makes a [FromHeaders] record from a request's header fields.
final class HeaderRecord implements InputRecord {
    private final List<Component> components;
    private final RecordFields fields;

    HeaderRecord(RecordShape shape) {
        components = shape.components();
        fields = new RecordFields(shape, Faults.Input.HEADERS);
    }

    /// @throws dev.loomgate.toolkit.exceptions.BadRequest if a field is missing, its value none of its type, or refused
    @Override
    public Object read(Request request) {
        RequestHeaders headers = request.headers();
        MultiMap.Builder<String> texts = MultiMap.builder();
        for (Component component : components) {
            String name = Faults.Input.HEADERS.named(component.name());
            headers.first(name).ifPresent(value -> {
                if (component.type() == List.class) {
                    HeaderList.parse(value).forEach(item -> texts.add(name, item));
                } else {
                    texts.add(name, value);
                }
            });
        }
        return fields.read(request, texts.build(), MultiMap.empty());
    }
}
