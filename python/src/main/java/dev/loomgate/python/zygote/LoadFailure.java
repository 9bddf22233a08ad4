package dev.loomgate.python.zygote;

import dev.loomgate.python.PythonStartException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a zygote, or a worker that imports by itself, says of a program that can't be loaded.
public final class LoadFailure {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LoadFailure() {}

    /// Reads an object with `message` and `traceback`.
    public static PythonStartException read(String json) {
        return of(JSON.readTree(json));
    }

    static PythonStartException of(JsonNode event) {
        String traceback = event.path("traceback").asString("");
        String message = event.path("message").asString("the Python program can't be loaded");
        return new PythonStartException(traceback.isEmpty() ? message : message + "\n" + traceback.stripTrailing());
    }
}
