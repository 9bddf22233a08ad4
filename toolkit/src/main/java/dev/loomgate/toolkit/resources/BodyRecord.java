package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.RecordShape;

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
        fields = new RecordFields(shape, Faults.Input.FORM);
        formable = RecordFields.canMake(shape, true);
    }

    /// @throws UnsupportedMediaType if the body is neither
    /// @throws dev.loomgate.toolkit.exceptions.BadRequest if a value of JSON is none of its type
    /// @throws dev.loomgate.toolkit.exceptions.UnprocessableEntity if a value is missing, or refused
    @Override
    public Object read(Request request) {
        if (request.isJson()) {
            return request.json(shape.type());
        }
        if (!request.isForm() || !formable) {
            throw new UnsupportedMediaType(
                    "The request's body must be JSON" + (formable ? ", or a form." : ", of type application/json."));
        }
        return fields.read(request, request.form(), request.files());
    }
}
