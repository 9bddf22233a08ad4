package dev.loomgate.server.bind;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.loop.settings.InvalidSetting;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whom a unix socket's file is given to: `www-data`, `www-data:adm`, `:adm`, `33:4`. A number needs no name behind it.
public final class SocketOwner {
    private static final String SETTING = "socketOwner";
    private static final SocketOwner NOBODY_ELSE = new SocketOwner("", null, null);

    @FunctionalInterface
    private interface Lookup<P> {
        P find(String name) throws IOException;
    }

    private final String text;
    private final @Nullable UserPrincipal user;
    private final @Nullable GroupPrincipal group;

    private SocketOwner(String text, @Nullable UserPrincipal user, @Nullable GroupPrincipal group) {
        this.text = text;
        this.user = user;
        this.group = group;
    }

    /// Looks the user and the group up, which may block.
    ///
    /// @param text empty for nobody else than who makes the file
    /// @throws IllegalArgumentException if there is no such user or group; the message is a line for the operator
    public static SocketOwner find(String text) {
        if (text.isEmpty()) {
            return NOBODY_ELSE;
        }
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        String group = colon < 0 ? "" : text.substring(colon + 1);
        if (user.isEmpty() && group.isEmpty()) {
            throw wrong(text, "it names no user and no group");
        }
        UserPrincipalLookupService accounts = FileSystems.getDefault().getUserPrincipalLookupService();
        return new SocketOwner(
                text,
                user.isEmpty() ? null : found(text, "user", user, accounts::lookupPrincipalByName),
                group.isEmpty() ? null : found(text, "group", group, accounts::lookupPrincipalByGroupName));
    }

    private static <P> P found(String text, String kind, String name, Lookup<P> lookup) {
        try {
            return lookup.find(name);
        } catch (UserPrincipalNotFoundException e) {
            throw wrong(text, "there is no %s %s".formatted(kind, Quoting.printable(name)));
        } catch (IOException e) {
            throw wrong(text, "the %s can't be looked up: %s".formatted(kind, e.getMessage()));
        }
    }

    /// Gives a file to them.
    ///
    /// @throws IOException if this process may not do that
    void own(Path file) throws IOException {
        PosixFileAttributeView view = Objects.requireNonNull(
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
                "a system without owners of files");
        if (group != null) {
            view.setGroup(group);
        }
        if (user != null) {
            view.setOwner(user);
        }
    }

    /// As it was given.
    @Override
    public String toString() {
        return text;
    }

    private static InvalidSetting wrong(String text, String why) {
        return new InvalidSetting(SETTING, "\"%s\": %s".formatted(Quoting.printable(text), why));
    }
}
