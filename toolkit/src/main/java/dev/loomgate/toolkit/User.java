package dev.loomgate.toolkit;

/// Who sent a request, as the environ has it: a type of its own, so that no variable of a front-end
/// can stand for it.
///
/// @param value what the guard knows of them
record User(Object value) {
    static final String KEY = "loomgate.user";
}
