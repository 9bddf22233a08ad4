package dev.loomgate.tracker;

/// A file of an issue, without its content.
public record Attachment(long id, String name) {}
