package dev.loomgate.templates;

import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.InputError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// One page in the making: a template, and the values that it is filled with. Belongs to the request's thread.
public final class View {
    private final BiFunction<Map<String, Object>, List<InputError>, String> renderer;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<InputError> errors = new ArrayList<>();

    /// @param renderer makes HTML of the values and the errors
    public View(BiFunction<Map<String, Object>, List<InputError>, String> renderer) {
        this.renderer = renderer;
    }

    /// Gives the template a value.
    ///
    /// @throws IllegalArgumentException if it is to be called `page`, which is the [Page]
    public View with(String name, Object value) {
        if (name.equals(Page.NAME)) {
            throw new IllegalArgumentException("View.with: \"page\" is what the template has of the request already");
        }
        values.put(name, value);
        return this;
    }

    /// What is wrong with what the client has sent, to be shown beside the fields ([Page#error]), besides what the
    /// request tells itself.
    ///
    /// @param found such as an [dev.loomgate.toolkit.exceptions.HttpException] has
    public View withErrors(List<InputError> found) {
        errors.addAll(found);
        return this;
    }

    /// Renders it: 200, `text/html`.
    ///
    /// @throws RuntimeException the engine's, if the template is wrong or is not there
    public Response response() {
        return Response.html(renderer.apply(values, errors));
    }
}
