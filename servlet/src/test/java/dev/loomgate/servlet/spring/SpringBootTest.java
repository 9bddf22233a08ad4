package dev.loomgate.servlet.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.servlet.ServletApplication;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Spring MVC's controllers in a Spring Boot program, started as the manual says.
@Timeout(60)
class SpringBootTest {
    private static LocalServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        // Spring Boot would set up the JDK's logging again, for all tests.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        ServletContextHandler context = new ServletContextHandler("/shop", ServletContextHandler.SESSIONS);
        context.addServletContainerInitializer((_, servlets) -> new TeaShop().onStartup(servlets));
        server = LocalServer.serve(ServletApplication.of(context));
        client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        System.clearProperty("org.springframework.boot.logging.LoggingSystem");
    }

    @Test
    void jsonComesAndGoes() throws Exception {
        assertThat(get("/shop/teas/green").body()).isEqualTo("{\"name\":\"green\",\"minutes\":3}");
        HttpResponse<String> answer = post("/shop/teas", "application/json", "{\"name\":\"mint\",\"minutes\":8}");
        assertThat(answer.body()).isEqualTo("{\"name\":\"mint\",\"minutes\":9}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(post("/shop/teas", "application/json", "{").statusCode()).isEqualTo(400);
    }

    @Test
    void aFileIsUploaded() throws Exception {
        String body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tea.txt\"\r\n\r\n"
                + "t".repeat(5000) + "\r\n--x--\r\n";
        assertThat(post("/shop/upload", "multipart/form-data; boundary=x", body).body())
                .isEqualTo("tea.txt 5000");
    }

    @Test
    void aSessionLasts() throws Exception {
        assertThat(get("/shop/visits").body()).isEqualTo("visit 1");
        assertThat(get("/shop/visits").body()).isEqualTo("visit 2");
    }

    @Test
    void aControllerAnswersLater() throws Exception {
        assertThat(get("/shop/later").body()).isEqualTo("later");
    }

    @Test
    void whatNoControllerHasIs404() throws Exception {
        assertThat(get("/shop/nothing").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
