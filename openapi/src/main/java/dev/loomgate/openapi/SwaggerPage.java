package dev.loomgate.openapi;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.Html;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.headers.CacheControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// The page that shows a document: Swagger UI of the class path (`org.webjars:swagger-ui`), with a start
/// of our own, since the one that it brings shows another host's document.
///
/// ```
/// /docs           to /docs/
/// /docs/          the page; it may run and show nothing but what is from here
/// /docs/start.js  begins
/// /docs/ui/...    Swagger UI's files
/// ```
final class SwaggerPage implements Middleware {
    private static final String VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String FOLDER = "META-INF/resources/webjars/swagger-ui/";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <link rel="stylesheet" href="ui/swagger-ui.css">
            <link rel="icon" href="ui/favicon-32x32.png">
            <div id="page" data-document="{document}"></div>
            <script src="ui/swagger-ui-bundle.js"></script>
            <script src="start.js"></script>
            """;

    // No validator: it would be another host's, and be told of the document.
    private static final String START = """
            const page = document.getElementById('page');
            SwaggerUIBundle({
              url: page.dataset.document,
              domNode: page,
              deepLinking: true,
              validatorUrl: null,
            });
            """;

    private final String path;
    private final String page;
    private final String policy;
    private final StaticFiles files;

    /// @param path of the page, without a slash at its end
    /// @param documentPath of the document
    /// @param servers the application's URLs, which the page may send requests to
    /// @throws IllegalStateException if Swagger UI isn't there
    SwaggerPage(String path, String documentPath, String title, List<String> servers) {
        this.path = path;
        // Relative: what the application is mounted at isn't known.
        String up = "../".repeat((int) path.chars().filter(c -> c == '/').count());
        page = PAGE.replace("{document}", Html.escape(up + documentPath.substring(1)))
                .replace("{title}", Html.escape(title));
        policy = POLICY + origins(servers);
        files = StaticFiles.ofClasspath(path + "/ui", SwaggerPage.class, FOLDER + version())
                // Of its own demonstration.
                .withSkippedEndings(List.of(".html", "initializer.js", ".map"));
    }

    private static String origins(List<String> servers) {
        return servers.stream()
                .map(URI::create)
                .filter(url -> url.getHost() != null)
                .map(url -> " " + url.getScheme() + "://" + url.getRawAuthority())
                .distinct()
                .collect(Collectors.joining());
    }

    private static String version() {
        URL url = SwaggerPage.class.getResource(VERSION);
        if (url == null) {
            throw new IllegalStateException("OpenApi: the page needs org.webjars:swagger-ui among the libraries;"
                    + " without it, say withoutPage()");
        }
        Properties properties = new Properties();
        try (InputStream input = url.openStream()) {
            properties.load(input);
        } catch (IOException e) {
            throw new IllegalStateException("OpenApi: can't read " + url, e);
        }
        return properties.getProperty("version");
    }

    @Override
    public Application wrap(Application inner) {
        Application behind = files.wrap(inner);
        return (environ, startResponse) -> {
            Application answer = DocumentFile.isRead(environ) ? answer(environ, behind) : behind;
            return answer.call(environ, startResponse);
        };
    }

    private Application answer(Environ environ, Application otherwise) {
        String asked = environ.path();
        if (!asked.startsWith(path)) {
            return otherwise;
        }
        return switch (asked.substring(path.length())) {
            case "" -> Response.redirect(path.substring(path.lastIndexOf('/') + 1) + "/", 308);
            case "/" ->
                sent(Response.html(page), environ)
                        .header("Content-Security-Policy", policy)
                        .header("Referrer-Policy", "no-referrer");
            case "/start.js" ->
                sent(Response.bytes(START.getBytes(StandardCharsets.UTF_8), "text/javascript"), environ);
            default -> otherwise;
        };
    }

    private static Response sent(Response response, Environ environ) {
        return response.header("X-Content-Type-Options", "nosniff")
                .cacheControl(CacheControl.NONE.with("no-cache"))
                .addEtag()
                .makeConditional(new Request(environ));
    }
}
