package dev.loomgate.templates.pebble;

import dev.loomgate.templates.Templates;
import dev.loomgate.templates.View;
import dev.loomgate.toolkit.Request;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.FileLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Templates by Pebble, for who comes from Jinja.
///
/// ```java
/// PebbleTemplates.of(Path.of("templates"))            // each file is read once
/// PebbleTemplates.development(Path.of("templates"))   // and here each time
/// ```
///
/// ```html
/// {% extends "layout.peb" %}
/// {% block content %}
///     <form method="post">{{ page.csrfField }} <input name="text" value="{{ page.value("text") }}">
///         <b>{{ page.error("text") }}</b></form>
///     {% block entries %}{% for entry in entries %}<p>{{ entry.text }}{% endfor %}{% endblock %}
/// {% endblock %}
/// ```
///
/// A name may end with a block of the template, `list.peb#entries`: then that block alone is rendered, for htmx.
/// Values are escaped for text and quoted attributes, not for scripts; an unknown name is an error.
public final class PebbleTemplates implements Templates {
    private final PebbleEngine engine;

    private PebbleTemplates(Path directory, boolean kept) {
        FileLoader loader = new FileLoader();
        loader.setPrefix(directory.toAbsolutePath().toString());
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .strictVariables(true)
                .cacheActive(kept)
                .build();
    }

    /// Templates that are read when they are first asked for, and kept.
    public static PebbleTemplates of(Path directory) {
        return new PebbleTemplates(directory, true);
    }

    /// Templates that are read each time.
    public static PebbleTemplates development(Path directory) {
        return new PebbleTemplates(directory, false);
    }

    @Override
    public View view(Request request, String name) {
        int hash = name.indexOf('#');
        String file = hash < 0 ? name : name.substring(0, hash);
        return new View((values, errors) -> {
            Map<String, Object> all = new HashMap<>(values);
            all.put("page", new PebblePage(request, errors));
            StringWriter output = new StringWriter();
            try {
                PebbleTemplate template = engine.getTemplate(file);
                if (hash < 0) {
                    template.evaluate(output, all);
                } else {
                    template.evaluateBlock(name.substring(hash + 1), output, all);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return output.toString();
        });
    }
}
