package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.RecordShape;

/// Makes a record from a request's query, by the parameters' names: `?page=2&tag=a&tag=b`.
final class QueryRecord implements InputRecord {
    private final RecordFields fields;

    QueryRecord(RecordShape shape) {
        fields = new RecordFields(shape, Faults.Input.QUERY);
    }

    /// @throws dev.loomgate.toolkit.exceptions.BadRequest if a value is missing, none of its type, or refused by the
    /// record's constructor
    @Override
    public Object read(Request request) {
        return fields.read(request, request.args(), MultiMap.empty());
    }
}
