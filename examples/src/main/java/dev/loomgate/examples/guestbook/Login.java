package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.security.CsrfProtection;
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
        return isIn(request, form)
                ? Response.redirect("/sign")
                : page(request, "<p role=alert>That is not the password.").status(403);
    }

    /// Makes a session for who knows the password; whether that is so.
    boolean isIn(Request request, Form form) {
        if (!MessageDigest.isEqual(bytes(form.password()), bytes(password))) {
            return false;
        }
        Session.of(request.environ()).renew().put("user", form.name());
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Response page(Request request, String complaint) {
        return Page.of(request, "Log in", """
            <form method=post>%s
            <p><label>Name <input name=name required></label>
            <p><label>Password <input type=password name=password required></label>
            <p><button>Log in</button></form>
            """.formatted(CsrfProtection.field(request)) + complaint);
    }
}
