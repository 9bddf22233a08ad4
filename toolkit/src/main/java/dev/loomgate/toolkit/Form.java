package dev.loomgate.toolkit;

/// What a form brought.
///
/// @param fields the fields that are text
/// @param files the fields that are files
record Form(MultiMap<String> fields, MultiMap<UploadedFile> files) {
    static final Form EMPTY = ofFields(MultiMap.empty());

    static Form ofFields(MultiMap<String> fields) {
        return new Form(fields, MultiMap.empty());
    }
}
