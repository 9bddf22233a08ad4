package dev.loomgate.security.passwords;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.middleware.Offloaded;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Makes hashes of passwords, and compares passwords with these.
///
/// ```java
/// private static final Passwords PASSWORDS = Passwords.scrypt();
///
/// String hash = PASSWORDS.hash(request.environ(), password);
///
/// @Nullable User user = users.named(name);
/// if (!PASSWORDS.matches(request.environ(), password, user == null ? null : user.hash())) {
///     throw new Unauthorized("The name or the password is wrong.");
/// }
/// if (PASSWORDS.needsRehash(user.hash())) {
///     users.save(user.withHash(PASSWORDS.hash(request.environ(), password)));
/// }
/// ```
///
/// Hashes are texts as Werkzeug has them: `scrypt:32768:8:3$SALT$KEY`. Those that Werkzeug makes
/// (scrypt and PBKDF2) are read here, and the other way round, and those of passlib
/// (`$scrypt$ln=16,r=8,p=1$...`) are read, too.
///
/// A hash takes some 0.1 to 0.3 s and 32 MiB on purpose. It is computed in the server's threads for
/// blocking work ([Environ#offload]), so that no other request of the loop waits; and by as many
/// threads at once as there are processors, so that logins take no more memory than that: others wait
/// there. In a rule that is [blocking][dev.loomgate.toolkit.routing.Rule#blocking] already, use the
/// methods without an environ.
///
/// Immutable; used by all requests at once. Source: OWASP's Password Storage Cheat Sheet; RFC 7914.
public final class Passwords {
    private static final String SALT_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int SALT_LENGTH = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    // For a name that nobody has.
    private static final byte[] NO_SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Cost cost;
    private final int keyBytes;
    private final PasswordLimits limits;
    private final Semaphore places;

    private Passwords(Cost cost, int keyBytes, PasswordLimits limits, Semaphore places) {
        this.cost = cost;
        this.keyBytes = keyBytes;
        this.limits = limits;
        this.places = places;
    }

    private static Passwords by(Cost cost, int keyBytes) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Passwords(cost, keyBytes, PasswordLimits.DEFAULT, new Semaphore(processors, true));
    }

    /// Makes hashes by scrypt with what OWASP recommends at 32 MiB: N = 32768, r = 8, p = 3.
    public static Passwords scrypt() {
        return scrypt(1 << 15, 8, 3);
    }

    /// Makes hashes by scrypt. Werkzeug itself has N = 32768, r = 8, p = 1.
    ///
    /// @param n how much memory it takes: `128 · n · r` bytes; a power of 2
    /// @param r how much it reads at once; most often 8
    /// @param p how often it does all that
    /// @throws IllegalArgumentException if there is no scrypt with these
    public static Passwords scrypt(int n, int r, int p) {
        Cost.Scrypt cost = new Cost.Scrypt(n, r, p);
        if (!cost.isPossible()) {
            throw new IllegalArgumentException(
                    "Passwords.scrypt: there is none with N = %d, r = %d, p = %d".formatted(n, r, p));
        }
        return by(cost, 64);
    }

    /// Makes hashes by PBKDF2 with HMAC-SHA-256: for programs beside this one that know no scrypt, as
    /// Werkzeug before
    /// 2.3, and where FIPS 140 counts.
    ///
    /// @param iterations OWASP recommends 600,000
    /// @throws IllegalArgumentException if it isn't above 0
    public static Passwords pbkdf2(int iterations) {
        if (iterations <= 0) {
            throw new IllegalArgumentException("Passwords.pbkdf2: %d iterations, not above 0".formatted(iterations));
        }
        return by(new Cost.Pbkdf2("sha256", iterations), 32);
    }

    /// The same with other limits for hashes that come from elsewhere.
    public Passwords withLimits(PasswordLimits other) {
        return new Passwords(cost, keyBytes, other, places);
    }

    /// The same with another number of hashes that are computed at once.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public Passwords withThreads(int threads) {
        if (threads <= 0) {
            throw new IllegalArgumentException("Passwords.withThreads: %d is not above 0".formatted(threads));
        }
        return new Passwords(cost, keyBytes, limits, new Semaphore(threads, true));
    }

    /// A hash of a new password, in a thread for blocking work.
    ///
    /// @throws ServiceUnavailable if too much waits there already
    /// @throws InterruptedException if the request is ended meanwhile
    public String hash(Environ environ, String password) throws Exception {
        return Offloaded.run(environ, () -> hash(password));
    }

    /// The same in this thread, which it holds.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for its turn
    public String hash(String password) throws InterruptedException {
        StringBuilder salt = new StringBuilder(SALT_LENGTH);
        for (int i = 0; i < SALT_LENGTH; i++) {
            salt.append(SALT_CHARACTERS.charAt(RANDOM.nextInt(SALT_CHARACTERS.length())));
        }
        byte[] key = key(password, salt.toString().getBytes(StandardCharsets.UTF_8));
        return cost.text() + "$" + salt + "$" + HexFormat.of().formatHex(key);
    }

    private byte[] key(String password, byte[] salt) throws InterruptedException {
        places.acquire();
        try {
            return cost.key(password, salt, keyBytes);
        } finally {
            places.release();
        }
    }

    /// Whether a hash is that password's, in a thread for blocking work.
    ///
    /// @param hash as the database has it; or null for a name that nobody has: it takes as long, and
    /// is false
    /// @throws IllegalArgumentException if the hash takes more than [PasswordLimits] allow
    /// @throws ServiceUnavailable if too much waits there already
    /// @throws InterruptedException if the request is ended meanwhile
    public boolean matches(Environ environ, String password, @Nullable String hash) throws Exception {
        return Offloaded.run(environ, () -> matches(password, hash));
    }

    /// The same in this thread, which it holds. What is no hash that is known here, as the `!` of a
    /// locked account, is nobody's password.
    ///
    /// @throws IllegalArgumentException if the hash takes more than [PasswordLimits] allow
    /// @throws InterruptedException if the thread is interrupted while it waits for its turn
    public boolean matches(String password, @Nullable String hash) throws InterruptedException {
        Optional<StoredHash> stored = hash == null ? Optional.empty() : StoredHash.parse(hash);
        if (stored.isEmpty()) {
            key(password, NO_SALT);
            return false;
        }
        if (!stored.get().cost().equals(cost)) {
            limits.check(stored.get().cost());
        }
        places.acquire();
        try {
            return stored.get().isOf(password);
        } finally {
            places.release();
        }
    }

    /// Whether a hash was made otherwise than [#hash] makes them now: by another function or other
    /// parameters. Ask once the password has been right, when a new one can be made.
    public boolean needsRehash(String hash) {
        return StoredHash.parse(hash)
                .filter(stored -> stored.cost().equals(cost) && stored.key().length == keyBytes)
                .isEmpty();
    }

    /// `Passwords by scrypt:32768:8:3`
    @Override
    public String toString() {
        return "Passwords by " + cost.text();
    }
}
