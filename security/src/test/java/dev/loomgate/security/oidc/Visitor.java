package dev.loomgate.security.oidc;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Somebody with a browser: it goes from the site to the provider and back, step by step.
public final class Visitor {
    public static final String SITE = "https://office.example.org";

    private final Client client;

    public Visitor(Application site) {
        client = Client.https(site);
    }

    Client client() {
        return client;
    }

    public TestResponse get(String target) {
        return client.get(target).send();
    }

    /// Where the site sends who opens a page.
    String begin(String target) {
        TestResponse response = get(target);
        if (response.code() != 303) {
            throw new AssertionError(response.toString());
        }
        return response.header("Location");
    }

    /// Where the provider sends who has come to it: path and query on the site.
    static String authorize(String location) throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    browser.send(HttpRequest.newBuilder(URI.create(location)).build(), BodyHandlers.ofString());
            return onSite(response.headers().firstValue("Location").orElseThrow());
        }
    }

    /// The path and query of a URL of the site.
    static String onSite(String url) {
        if (!url.startsWith(SITE + "/")) {
            throw new AssertionError(url + " is not on the site");
        }
        return url.substring(SITE.length());
    }

    /// Opens a page, logs in, and is where the site sends people then.
    public TestResponse login(String target) throws IOException, InterruptedException {
        return get(authorize(begin(target)));
    }
}
