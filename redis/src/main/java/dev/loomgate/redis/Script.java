package dev.loomgate.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A script in Lua that Redis runs in one step, known to it by its SHA-1.
///
/// @param <T> what it returns
/// @param output the same for Lettuce
record Script<T>(String text, String sha1, ScriptOutputType output) {
    /// One that returns a number.
    static Script<Long> number(String text) {
        return new Script<>(text, sha1(text), ScriptOutputType.INTEGER);
    }

    /// One that returns several numbers.
    static Script<List<Long>> numbers(String text) {
        return new Script<>(text, sha1(text), ScriptOutputType.MULTI);
    }

    /// One that returns several strings.
    static Script<List<byte[]>> strings(String text) {
        return new Script<>(text, sha1(text), ScriptOutputType.MULTI);
    }

    /// One that returns rows of strings.
    static Script<List<List<byte[]>>> rows(String text) {
        return new Script<>(text, sha1(text), ScriptOutputType.MULTI);
    }

    /// What it has returned, as Lettuce gives it.
    @SuppressWarnings("unchecked") // by what it was made
    T answer(Object returned) {
        return (T) returned;
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-1", e);
        }
    }
}
