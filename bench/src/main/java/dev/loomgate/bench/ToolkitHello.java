package dev.loomgate.bench;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;

/// [Applications#hello] by the toolkit, the way that docs/toolkit.md begins with: a map, a resource, its method that
/// asks the request for a value and returns text.
final class ToolkitHello {
    private ToolkitHello() {}

    static Application application() {
        return WebApplication.of(
                Rule.of("/", Index.class),
                Rule.of("/user", User.class),
                Rule.of("/user/<name>", User.class),
                Rule.of("/item/<int:id>", Item.class),
                Rule.of("/wiki/<path:page>", Page.class));
    }

    static final class Index {
        String get(Request request) {
            return "Hello " + request.args().get("name", "world") + "!";
        }
    }

    static final class User {
        Response get(Request request) {
            return Response.html(request.path());
        }
    }

    static final class Item {
        String get(long id) {
            return "item " + id;
        }
    }

    static final class Page {
        String get(String page) {
            return page;
        }
    }
}
