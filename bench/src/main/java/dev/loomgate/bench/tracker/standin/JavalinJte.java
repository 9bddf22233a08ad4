package dev.loomgate.bench.tracker.standin;

import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import io.javalin.rendering.FileRenderer;
import java.util.HashMap;
import java.util.Map;

/// In the place of `javalin-rendering-jte`.
public final class JavalinJte implements FileRenderer {
    private final TemplateEngine engine;

    /// Renders by this engine.
    public JavalinJte(TemplateEngine engine) {
        this.engine = engine;
    }

    @Override
    public String render(String path, Map<String, ? extends Object> model, Context context) {
        TemplateOutput output = new StringOutput();
        engine.render(path, new HashMap<String, Object>(model), output);
        return output.toString();
    }
}
