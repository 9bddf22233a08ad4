package dev.loomgate.toolkit.files;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/// When what files are to be asked for again: a rule for the header Expires.
///
/// ```java
/// new Expires(Expires.Subject.FILE, Pattern.compile("\\.(css|js)$"), Duration.ofDays(7), false)
/// ```
///
/// @param subject what the pattern is looked for in
/// @param pattern found anywhere in the subject
/// @param after how long after the request
/// @param sinceModified whether it is so long after the file's last change instead
public record Expires(Subject subject, Pattern pattern, Duration after, boolean sinceModified) {
    /// What a rule looks at.
    public enum Subject {
        /// The file's type, without its charset.
        TYPE,
        /// The file's whole path.
        FILE,
        /// PATH_INFO.
        PATH,
        /// REQUEST_URI.
        URI
    }

    Instant time(Instant modified, Instant now) {
        return (sinceModified ? modified : now).plus(after);
    }
}
