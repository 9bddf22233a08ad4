package dev.loomgate.toolkit.exceptions;

/// One thing that is wrong with what a client has sent: where, and what. It is an element of `errors` in a problem
/// (RFC 9457):
///
/// ```json
/// {"pointer": "/age", "message": "must be a whole number from -2147483648 to 2147483647, not 1.9"}
/// {"field": "page", "message": "must have a value"}
/// ```
///
/// @param place what the name is
/// @param name a value's place; empty for the whole input
/// @param message what is to be said beside the value; shown to the client
public record InputError(Place place, String name, String message) {
    /// What the name of an error is.
    public enum Place {
        /// A JSON pointer into the request's body (RFC 6901), such as `/others/1/street`.
        POINTER,
        /// The name of a form's field, of a parameter in the query, or of a header field.
        FIELD;

        String member() {
            return this == POINTER ? "pointer" : "field";
        }
    }

    /// Of a value in the request's JSON.
    ///
    /// @param pointer empty for all of it
    public static InputError at(String pointer, String message) {
        return new InputError(Place.POINTER, pointer, message);
    }

    /// Of a form's field, a parameter of the query, or a header field.
    ///
    /// @param name empty for all of them
    public static InputError of(String name, String message) {
        return new InputError(Place.FIELD, name, message);
    }
}
