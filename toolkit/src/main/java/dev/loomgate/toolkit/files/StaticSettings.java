package dev.loomgate.toolkit.files;

import dev.loomgate.toolkit.headers.CacheControl;
import java.util.List;
import java.util.Map;

/// How [StaticFiles] are sent.
///
/// @param indexes names that are looked for in a directory, in this order
/// @param dotFiles whether names that begin with a dot are sent
/// @param wholePath whether the prefix is a part of the file's path, too
/// @param skipped endings of names that are the application's
/// @param expires the first that fits counts
/// @param types of endings without a dot, in lower case; before those that are built in
record StaticSettings(
        List<String> indexes,
        boolean precompressed,
        CacheControl cacheControl,
        boolean dotFiles,
        boolean wholePath,
        List<String> skipped,
        List<Expires> expires,
        Map<String, String> types) {
    static StaticSettings standard() {
        return new StaticSettings(
                List.of(), false, CacheControl.NONE.with("no-cache"), false, false, List.of(), List.of(), Map.of());
    }

    StaticSettings indexes(List<String> names) {
        return new StaticSettings(
                List.copyOf(names), precompressed, cacheControl, dotFiles, wholePath, skipped, expires, types);
    }

    StaticSettings precompressed(boolean value) {
        return new StaticSettings(indexes, value, cacheControl, dotFiles, wholePath, skipped, expires, types);
    }

    StaticSettings cacheControl(CacheControl value) {
        return new StaticSettings(indexes, precompressed, value, dotFiles, wholePath, skipped, expires, types);
    }

    StaticSettings dotFiles(boolean value) {
        return new StaticSettings(indexes, precompressed, cacheControl, value, wholePath, skipped, expires, types);
    }

    StaticSettings wholePath(boolean value) {
        return new StaticSettings(indexes, precompressed, cacheControl, dotFiles, value, skipped, expires, types);
    }

    StaticSettings skipped(List<String> endings) {
        return new StaticSettings(
                indexes, precompressed, cacheControl, dotFiles, wholePath, List.copyOf(endings), expires, types);
    }

    StaticSettings expires(List<Expires> rules) {
        return new StaticSettings(
                indexes, precompressed, cacheControl, dotFiles, wholePath, skipped, List.copyOf(rules), types);
    }

    StaticSettings types(Map<String, String> byEnding) {
        return new StaticSettings(
                indexes, precompressed, cacheControl, dotFiles, wholePath, skipped, expires, Map.copyOf(byEnding));
    }
}
