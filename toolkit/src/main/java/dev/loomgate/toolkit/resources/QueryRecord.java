package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.BadRequest;

/// Makes a record from a request's query, by the parameters' names: `?page=2&tag=a&tag=b`.
final class QueryRecord implements InputRecord {
    private final RecordShape shape;
    private final RecordFields fields;

    QueryRecord(RecordShape shape) {
        this.shape = shape;
        fields = new RecordFields(
                shape, name -> new BadRequest("The query has no value for \"" + name + "\"."), BadRequest::new);
    }

    /// @throws BadRequest if a value is missing, none of its type, or refused by the record's constructor
    @Override
    public Object read(Request request) {
        return shape.create(fields.values(request.args(), MultiMap.empty()), QueryRecord::refused);
    }

    private static BadRequest refused(RuntimeException e) {
        return e.getMessage() == null ? new BadRequest() : new BadRequest(e.getMessage());
    }
}
