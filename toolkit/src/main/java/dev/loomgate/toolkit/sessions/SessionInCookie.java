package dev.loomgate.toolkit.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Contents in the cookie itself, signed.
///
/// The client alone knows which of its cookies is the last one: what another request made of the session meanwhile
/// isn't seen here, and nothing that was signed can be taken back.
record SessionInCookie(SignedText signature) implements SessionKeeper {
    @Override
    public boolean isPossible(String cookie) {
        return SignedText.isPossible(cookie);
    }

    @Override
    public Optional<Kept> find(String cookie, List<String> others, Duration maxAge, Instant now) {
        return signature
                .verified(cookie)
                .filter(signed -> now.isBefore(signed.since().plus(maxAge)))
                .flatMap(signed -> SessionJson.read(signed.content())
                        .map(values -> new Kept("", signed.content(), values, signed.since(), others)));
    }

    @Override
    public boolean isRenewed(String cookie) {
        return false;
    }

    @Override
    public String keep(byte[] json, Duration maxAge, Instant now) {
        return signature.sign(json, now);
    }

    @Override
    public Outcome change(Kept session, SessionChange change, Duration maxAge, Instant now, Sizes sizes) {
        Map<String, Object> values = change.appliedTo(session.read());
        if (values.isEmpty()) {
            return new Outcome.Ended();
        }
        byte[] json = SessionJson.write(values);
        sizes.check(json.length);
        return new Outcome.Keeps(keep(json, maxAge, now));
    }

    @Override
    public void end(Kept session) {}
}
