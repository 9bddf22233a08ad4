package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// `/login`: makes a session for who knows the password.
record Login(String password) {
    record Form(String name, String password) {
        Form {
            if (name.isBlank()) {
                throw new IllegalArgumentException("What is your name?");
            }
        }
    }

    Response get(Request request) {
        return page(request, "");
    }

    Response post(Request request, Form form) {
        if (!MessageDigest.isEqual(bytes(form.password()), bytes(password))) {
            return page(request, "<p>That is not the password.").status(403);
        }
        Session.of(request.environ()).renew().put("user", form.name());
        return Response.redirect("/sign");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Response page(Request request, String complaint) {
        return Page.of(request, "Log in", """
            <form method=post>
            <p><label>Name <input name=name required></label>
            <p><label>Password <input type=password name=password required></label>
            <p><button>Log in</button></form>
            """ + complaint);
    }
}
