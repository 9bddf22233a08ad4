package dev.loomgate.security.passwords;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a database has of a password:
///
/// ```
/// scrypt:32768:8:1$SALT$KEY               Werkzeug 2.3 and later: the salt is text, the key hexadecimal
/// pbkdf2:sha256:600000$SALT$KEY           Werkzeug
/// $scrypt$ln=16,r=8,p=1$SALT$KEY          passlib: both are base64 without padding; N is 2^ln
/// ```
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record StoredHash(Cost cost, byte[] salt, byte[] key) {
    private static final int MOST_CHARACTERS = 512;
    private static final Pattern WERKZEUG =
            Pattern.compile("(scrypt|pbkdf2):([a-z0-9]+):([0-9]+)(?::([0-9]+))?\\$([^$]+)\\$((?:[0-9a-f]{2})+)");
    private static final Pattern PASSLIB =
            Pattern.compile("\\$scrypt\\$ln=([0-9]+),r=([0-9]+),p=([0-9]+)\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final int LEAST_KEY_BYTES = 16;

    /// Empty if the text is no hash that is known here.
    static Optional<StoredHash> parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            Matcher werkzeug = WERKZEUG.matcher(text);
            if (werkzeug.matches()) {
                return checked(werkzeug(werkzeug));
            }
            Matcher passlib = PASSLIB.matcher(text);
            return passlib.matches() ? checked(passlib(passlib)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a number or a base64 text that is none
        }
    }

    private static StoredHash werkzeug(Matcher text) {
        boolean scrypt = text.group(1).equals("scrypt");
        if (scrypt != (text.group(4) != null)) {
            throw new IllegalArgumentException();
        }
        Cost cost = scrypt
                ? new Cost.Scrypt(number(text.group(2)), number(text.group(3)), number(text.group(4)))
                : new Cost.Pbkdf2(text.group(2), number(text.group(3)));
        return new StoredHash(
                cost,
                text.group(5).getBytes(StandardCharsets.UTF_8),
                HexFormat.of().parseHex(text.group(6)));
    }

    private static StoredHash passlib(Matcher text) {
        int log = number(text.group(1));
        // 2^31 is no int; such a cost is impossible anyway.
        Cost cost = new Cost.Scrypt(log > 30 ? 0 : 1 << log, number(text.group(2)), number(text.group(3)));
        return new StoredHash(
                cost,
                Base64.getDecoder().decode(text.group(4)),
                Base64.getDecoder().decode(text.group(5)));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static Optional<StoredHash> checked(StoredHash hash) {
        boolean possible =
                switch (hash.cost) {
                    case Cost.Scrypt scrypt -> scrypt.isPossible();
                    case Cost.Pbkdf2(String name, int iterations) ->
                        (name.equals("sha256") || name.equals("sha512")) && iterations >= 1;
                };
        return possible && hash.key.length >= LEAST_KEY_BYTES ? Optional.of(hash) : Optional.empty();
    }

    /// Whether it is that password's: in a time that doesn't tell how much of the key was right. It
    /// holds the thread.
    boolean isOf(String password) {
        return MessageDigest.isEqual(key, cost.key(password, salt, key.length));
    }

    /// Without salt and key: `StoredHash by scrypt:32768:8:1`.
    @Override
    public String toString() {
        return "StoredHash by " + cost.text();
    }
}
