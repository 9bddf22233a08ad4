package dev.loomgate.examples.guestbook;

import java.nio.file.Path;
import java.util.Optional;

/// What a guest wrote.
///
/// @param id from 1, in the order in which they were written
/// @param author the guest's name
/// @param text as it was typed, so to be escaped
/// @param picture where the picture is kept, if there is one
record Entry(long id, String author, String text, Optional<Path> picture) {}
