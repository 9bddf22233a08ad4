package dev.loomgate.openapi.other;

public record Item(String other) {}
