package dev.loomgate.templates.jte;

import dev.loomgate.templates.Templates;
import dev.loomgate.templates.View;
import dev.loomgate.toolkit.Request;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import gg.jte.resolve.DirectoryCodeResolver;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Templates by jte, each compiled to a class.
///
/// ```java
/// JteTemplates.development(Path.of("src/main/jte"), Path.of("target/jte-classes"))   // a change is seen at once
/// JteTemplates.compiled(Path.of("src/main/jte"), Path.of("target/jte-classes"))      // all of them, now
/// JteTemplates.precompiled(Main.class.getClassLoader())                               // by jte's Maven plugin
/// ```
///
/// ```html
/// @param dev.loomgate.templates.jte.JtePage page
/// @param java.util.List<Entry> entries
/// @template.layout(page = page, content = @`
///     <form method="post">${page.csrfField()} <input name="text" value="${page.value("text")}">
///         <b>${page.error("text")}</b></form>
///     @for(Entry entry : entries)<p>${entry.text()}@endfor
/// `)
/// ```
///
/// jte escapes by where a value stands: text, attribute or script. Compiling needs a JDK, not only a Java runtime.
public final class JteTemplates implements Templates {
    // Where jte's plugin puts them, too.
    private static final String PACKAGE = "gg.jte.generated.precompiled";

    private final TemplateEngine engine;

    private JteTemplates(TemplateEngine engine) {
        this.engine = engine;
    }

    /// Templates that are compiled when they are first asked for, and again when their file has changed, or one that
    /// they use. A first look takes a second or so.
    ///
    /// @param directory where they are
    /// @param classes a directory for what is compiled, made if it isn't there
    public static JteTemplates development(Path directory, Path classes) {
        return new JteTemplates(compiler(directory, classes));
    }

    /// Templates that are all compiled now.
    ///
    /// @param directory where they are
    /// @param classes a directory for what is compiled, made if it isn't there; what is in it goes
    /// @throws gg.jte.TemplateException if one can't be compiled
    public static JteTemplates compiled(Path directory, Path classes) {
        TemplateEngine compiler = compiler(directory, classes);
        compiler.cleanAll();
        compiler.precompileAll();
        return new JteTemplates(TemplateEngine.createPrecompiled(
                classes, ContentType.Html, JteTemplates.class.getClassLoader(), PACKAGE));
    }

    /// Templates that the build has compiled, by `jte-maven-plugin` with `generate`.
    ///
    /// @param classes finds their classes, in the package `gg.jte.generated.precompiled`
    public static JteTemplates precompiled(ClassLoader classes) {
        return new JteTemplates(TemplateEngine.createPrecompiled(null, ContentType.Html, classes));
    }

    private static TemplateEngine compiler(Path directory, Path classes) {
        TemplateEngine engine = TemplateEngine.create(
                new DirectoryCodeResolver(directory),
                classes,
                ContentType.Html,
                JteTemplates.class.getClassLoader(),
                PACKAGE);
        engine.setClassPath(classPath());
        return engine;
    }

    // What this JVM knows, whichever way it was told.
    private static List<String> classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    @Override
    public View view(Request request, String name) {
        return new View((values, errors) -> {
            Map<String, Object> all = new HashMap<>(values);
            all.put("page", new JtePage(request, errors));
            TemplateOutput output = new StringOutput();
            engine.render(name, all, output);
            return output.toString();
        });
    }
}
