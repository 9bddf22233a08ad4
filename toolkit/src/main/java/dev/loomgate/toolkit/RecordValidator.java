package dev.loomgate.toolkit;

import java.util.List;

/// Looks at a record that was made of what a client has sent: the seam to a validation library.
///
/// It is asked after the record's constructor has accepted the values, so all that must be there is there. What it
/// finds answers the request, as all errors of input do: at most 20 are told, each with its place. The status is that
/// of a value which a constructor refuses: 422 for a body, 400 for a query and for header fields, 404 for a record of
/// the path's variables.
///
/// Used by many threads at once.
///
/// @see dev.loomgate.toolkit.resources.WebApplication#withValidator
@FunctionalInterface
public interface RecordValidator {
    /// What is wrong with a record.
    ///
    /// @param request what it was made from; it tells the languages that the client reads
    /// @return nothing if all is right. After the twentieth, none is looked at
    List<Violation> violations(Record record, Request request);

    /// One thing that is wrong.
    ///
    /// @param path to the value, from the record: a component's name or a map's key as a String, a place in
    /// a list as an Integer, as in `"items", 2, "count"`; nothing for the record itself
    /// @param message what is to be said beside the value; shown to the client, up to 500 characters of it
    record Violation(List<Object> path, String message) {
        public Violation {
            path = List.copyOf(path);
        }
    }
}
