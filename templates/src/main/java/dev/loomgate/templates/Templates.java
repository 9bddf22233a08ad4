package dev.loomgate.templates;

import dev.loomgate.toolkit.Request;

/// Renders pages by an engine: [dev.loomgate.templates.jte.JteTemplates] or
/// [dev.loomgate.templates.pebble.PebbleTemplates].
///
/// ```java
/// return templates.view(request, "entries.jte").with("entries", entries.all()).response();
/// ```
///
/// Each template has the request's [Page] as `page`. Used by all requests at once.
public interface Templates {
    /// A page to be made by this template; or a part of one, which is a template as well: what htmx puts into a page.
    ///
    /// @param name its path below the templates' directory, such as `book/list.jte`. It is never
    /// a client's text
    View view(Request request, String name);
}
