package dev.loomgate.toolkit.sessions;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sessions in a store whose names are signed in the cookie: the store is asked for no name that a
/// client made up. Whatever is kept again gets a cookie by the first key.
final class SignedNames implements SessionKeeper {
    private final SessionKeeper named;
    private final SignedText text;

    SignedNames(SessionKeeper named, SignedText text) {
        this.named = named;
        this.text = text;
    }

    @Override
    public boolean isPossible(String cookie) {
        return SignedText.isPossible(cookie);
    }

    @Override
    public Optional<Kept> find(String cookie, List<String> others, Duration maxAge, Instant now) {
        return name(cookie)
                .flatMap(name -> named.find(
                        name,
                        others.stream().flatMap(other -> name(other).stream()).toList(),
                        maxAge,
                        now));
    }

    @Override
    public boolean isRenewed(String cookie) {
        return name(cookie).filter(named::isRenewed).isPresent();
    }

    @Override
    public String keep(byte[] json, Duration maxAge, Instant now) {
        return signed(named.keep(json, maxAge, now), now);
    }

    @Override
    public Outcome change(Kept session, SessionChange change, Duration maxAge, Instant now, Sizes sizes) {
        return switch (named.change(session, change, maxAge, now, sizes)) {
            case Outcome.Keeps keeps -> new Outcome.Keeps(signed(keeps.cookie(), now));
            case Outcome.Ended ended -> ended;
            case Outcome.Lost lost -> lost;
        };
    }

    @Override
    public void end(Kept session) {
        named.end(session);
    }

    private String signed(String name, Instant now) {
        return text.sign(name.getBytes(StandardCharsets.US_ASCII), now);
    }

    private Optional<String> name(String cookie) {
        return text.verified(cookie)
                .map(signed -> new String(signed.content(), StandardCharsets.US_ASCII))
                .filter(named::isPossible);
    }
}
