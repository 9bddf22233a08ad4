package dev.loomgate.toolkit.twin;

import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What both are asked, by a name for each.
final class TwinRequests {
    private final Map<String, Function<Client, Call>> all = new LinkedHashMap<>();

    private TwinRequests() {}

    static Map<String, Function<Client, Call>> all() {
        TwinRequests requests = new TwinRequests();
        requests.addPaths();
        requests.addMethods();
        requests.addBodies();
        requests.addHeaders();
        return requests.all;
    }

    private void add(String name, Function<Client, Call> request) {
        if (all.put(name, request) != null) {
            throw new IllegalArgumentException("twice: " + name);
        }
    }

    private void get(String target) {
        add("GET " + target, client -> client.get(target));
    }

    private void addPaths() {
        List.of(
                        "/",
                        "//",
                        "/x",
                        "/user",
                        "/user/",
                        "/user?name=Bob",
                        "/user?name=%C3%A4%20b",
                        "/user?name=a+b",
                        "/user?name=",
                        "/user?name=%FF",
                        "/user?nam=x",
                        "/user?name=a&name=b",
                        "/user?name=%3Cb%3E",
                        "/items",
                        "/items?a=b",
                        "/items/",
                        "/items//",
                        "/items/7",
                        "/items/007",
                        "/items/7/",
                        "/items/-7",
                        "/items/7.5",
                        "/items/x",
                        "/items/99999999999",
                        "/items/%37",
                        "/items/7%20",
                        "/files",
                        "/files/",
                        "/files/a",
                        "/files/a/b",
                        "/files/a//b",
                        "/files/a/b/",
                        "/files/a%2Fb",
                        "/files/%C3%A4",
                        "/files/a%20b",
                        "/files/..%2Fa",
                        "/files/a;b=c",
                        "/files/a%3Fb",
                        "/files/a+b",
                        "/price/1.5",
                        "/price/1",
                        "/price/1.50",
                        "/price/.5",
                        "/price/-1.5",
                        "/price/1e5",
                        "/price/0.1",
                        "/price/123456.789",
                        "/uuid/2b1c9e5c-7a1b-4c5d-8e9f-0123456789ab",
                        "/uuid/2B1C9E5C-7A1B-4C5D-8E9F-0123456789AB",
                        "/uuid/2b1c9e5c",
                        "/pick/red/ab",
                        "/pick/green/%C3%A4b",
                        "/pick/blue/ab",
                        "/pick/red/a",
                        "/pick/red/abc",
                        "/pick/red",
                        "/pick/red/ab/")
                .forEach(this::get);
        List.of(301, 302, 303, 307, 308).forEach(code -> get("/redirect/" + code));
        List.of(
                        400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423,
                        424, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505)
                .forEach(code -> get("/error/" + code));
        List.of(
                        "",
                        "a=1",
                        "a=1&b=2&a=3",
                        "a",
                        "a=",
                        "=b",
                        "&&",
                        "a=1;b=2",
                        "a%20b=c%26d",
                        "%C3%A4=%C3%B6",
                        "a=%25",
                        "a=%2525",
                        "a+b=c+d")
                .forEach(query -> get("/args?" + query));
        List.of("/stream", "/cookies", "/accept", "/who", "/versioned", "/args").forEach(this::get);
    }

    private void addMethods() {
        for (String path : List.of("/", "/items/7", "/items/", "/form", "/none", "/versioned", "/stream")) {
            for (String method : List.of("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "PROPFIND")) {
                if (!method.equals("POST") || !path.equals("/form")) {
                    add(method + " " + path, client -> client.open(method, path));
                }
            }
        }
    }

    private void addBodies() {
        add("a form", client -> client.post("/form").form("a", "1", "b", "ä b&c", "a", "2"));
        add("an empty form", client -> client.post("/form"));
        add("a form of another type", client -> client.post("/form").body(bytes("a=1"), "text/plain"));
        add(
                "a form that is multipart",
                client -> client.post("/form").field("a", "1").field("ä", "ö\r\nü"));
        add("a multipart form without a boundary", client -> client.post("/form")
                .body(bytes("x"), "multipart/form-data"));
        add("an upload", client -> client.post("/upload").file("f", "a.txt", "text/plain", bytes("hello")));
        add("two uploads", client -> client.post("/upload")
                .file("f", "ä b.bin", "application/octet-stream", new byte[100_000])
                .field("x", "y")
                .file("g", "b.png", "image/png", bytes("")));
        add("no upload", client -> client.post("/upload"));
        add("JSON", client -> client.post("/json").json(Map.of("a", 1)));
        add("JSON with a text", client -> client.post("/json").json(Map.of("a", "ä")));
        add("JSON of a vendor", client -> client.post("/json").body(bytes("{\"a\": 2}"), "application/x+json"));
        add("JSON with a charset", client -> client.post("/json")
                .body(bytes("{\"a\": 2}"), "application/json; charset=utf-8"));
        add("broken JSON", client -> client.post("/json").body(bytes("{\"a\": "), "application/json"));
        add("no JSON", client -> client.post("/json").body(bytes("{\"a\": 2}"), "text/plain"));
        add("empty JSON", client -> client.post("/json").body(bytes(""), "application/json"));
    }

    private void header(String target, String name, String value) {
        add("GET " + target + " with " + name + ": " + value, client -> client.get(target)
                .header(name, value));
    }

    private void addHeaders() {
        for (String value : List.of("\"v1\"", "W/\"v1\"", "\"v2\"", "\"v2\", \"v1\"", "*")) {
            header("/versioned", "If-None-Match", value);
            header("/versioned", "If-Match", value);
        }
        for (String value : List.of(
                "Fri, 20 Nov 2026 12:00:00 GMT",
                "Fri, 20 Nov 2026 11:59:59 GMT",
                "Sat, 21 Nov 2026 00:00:00 GMT",
                "x")) {
            header("/versioned", "If-Modified-Since", value);
            header("/versioned", "If-Unmodified-Since", value);
        }
        for (String value :
                List.of("bytes=0-0", "bytes=2-", "bytes=-3", "bytes=0-99", "bytes=10-", "bytes=x", "lines=1-2")) {
            header("/versioned", "Range", value);
        }
        for (String value : List.of(
                "text/html",
                "application/json",
                "*/*",
                "text/*;q=0.5, application/json;q=0.4",
                "image/png",
                "text/plain;q=0",
                "application/json;q=0.9, text/plain")) {
            header("/accept", "Accept", value);
        }
        for (String value : List.of("a=1", "a=1; b=2", "a=\"x y\"", "a=1; a=2", "=x", "a", "a=b=c")) {
            header("/cookies", "Cookie", value);
        }
        List.of("/cookies/a/1", "/cookies/a/x%20y", "/cookies/a/%22;", "/cookies/a/%C3%A4", "/cookies/a/1,2")
                .forEach(this::get);
        header("/who", "Authorization", Authorization.basic("bob", "secret").header());
        header("/who", "Authorization", Authorization.basic("ä", "secret").header());
        header("/who", "Authorization", Authorization.basic("bob", "wrong").header());
        header("/who", "Authorization", "Bearer token");
        header("/who", "Authorization", "Basic !");
        header("/who", "Authorization", "Basic");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
