package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import dev.loomgate.toolkit.values.Components;

/// Makes a record from a request's body: from JSON, or from a form's fields by their names.
///
/// What the client must have sent is there: a component that isn't declared nullable or Optional. What it may have
/// sent is the record's own business: its constructor throws an IllegalArgumentException, a DateTimeException or an
/// ArithmeticException, whose message the client sees.
final class BodyRecord implements InputRecord {
    private final RecordShape shape;
    private final RecordFields fields;
    private final boolean formable;

    BodyRecord(RecordShape shape) {
        this.shape = shape;
        fields = new RecordFields(shape, Components::missing, UnprocessableEntity::new);
        formable = RecordFields.canMake(shape, true);
    }

    /// @throws UnsupportedMediaType if the body is neither
    /// @throws UnprocessableEntity if a value is missing, or refused
    @Override
    public Object read(Request request) {
        if (request.isJson()) {
            return request.json(shape.type());
        }
        boolean form = request.mimetype().equals("multipart/form-data")
                || request.mimetype().equals("application/x-www-form-urlencoded");
        if (!form || !formable) {
            throw new UnsupportedMediaType(
                    "The request's body must be JSON" + (formable ? ", or a form." : ", of type application/json."));
        }
        return shape.create(fields.values(request.form(), request.files()), Components::refused);
    }
}
