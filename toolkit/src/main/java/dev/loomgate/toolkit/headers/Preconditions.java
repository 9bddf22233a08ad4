package dev.loomgate.toolkit.headers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The conditions under which a client wants its request done (RFC 9110 section 13).
///
/// A condition on tags that can't be read doesn't hold: with such an `If-Match` nothing is done, and with such an
/// `If-None-Match` nothing is changed. Who reads with the latter has no version, so gets the current one. A date that
/// can't be read is no condition, by sections 13.1.3 and 13.1.4.
///
/// @param ifMatch versions of which one should be current
/// @param ifUnmodifiedSince nothing should have changed since then; counts where there is no `ifMatch`
/// @param ifNoneMatch versions of which none should be current
/// @param ifModifiedSince something should have changed since then; counts where there is no `ifNoneMatch`
public record Preconditions(
        ETags ifMatch, Optional<Instant> ifUnmodifiedSince, ETags ifNoneMatch, Optional<Instant> ifModifiedSince) {
    /// What comes of them.
    public enum Outcome {
        /// Do it.
        PROCEED,
        /// 304: the client has it already.
        NOT_MODIFIED,
        /// 412: don't do it.
        FAILED
    }

    /// Evaluates them, in the order of RFC 9110 section 13.2.2.
    ///
    /// @param reads whether the method is GET or HEAD
    /// @param exists whether there is a current version
    /// @param etag the current version's tag, if it has one
    /// @param lastModified when it was made, if that is known
    public Outcome evaluate(boolean reads, boolean exists, @Nullable ETag etag, @Nullable Instant lastModified) {
        if (ifMatch.isCondition()) {
            if (ifMatch.star() ? !exists : !ifMatch.matchesStrongly(etag)) {
                return Outcome.FAILED;
            }
        } else if (ifUnmodifiedSince.isPresent() && isAfter(lastModified, ifUnmodifiedSince.get())) {
            return Outcome.FAILED;
        }
        if (ifNoneMatch.unreadable() && !reads) {
            return Outcome.FAILED;
        }
        if (!ifNoneMatch.isEmpty()) {
            boolean current = ifNoneMatch.star() ? exists : ifNoneMatch.matchesWeakly(etag);
            return !current ? Outcome.PROCEED : reads ? Outcome.NOT_MODIFIED : Outcome.FAILED;
        }
        boolean old = reads
                && lastModified != null
                && ifModifiedSince.isPresent()
                && !isAfter(lastModified, ifModifiedSince.get());
        return old ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }

    // Headers have whole seconds, files have more.
    private static boolean isAfter(@Nullable Instant lastModified, Instant limit) {
        return lastModified != null
                && lastModified.truncatedTo(ChronoUnit.SECONDS).isAfter(limit);
    }
}
