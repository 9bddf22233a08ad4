package dev.loomgate.python.uwsgi;

import dev.loomgate.python.wire.FrameException;
import java.time.Duration;
import java.util.List;

/// A call's arguments, which begin with its name.
///
/// The methods throw a [FrameException] where there is no such argument, a `ClassCastException` where it is of
/// another type.
public record CallArguments(List<?> values) {
    public String text(int place) {
        return (String) at(place);
    }

    public long number(int place) {
        return at(place) instanceof Double floating ? Math.round(floating) : (Long) at(place);
    }

    public Duration seconds(int place) {
        return at(place) instanceof Double floating
                ? Duration.ofNanos((long) (floating * 1e9))
                : Duration.ofSeconds((Long) at(place));
    }

    public byte[] bytes(int place) {
        return (byte[]) at(place);
    }

    public boolean flag(int place) {
        return (Boolean) at(place);
    }

    public List<?> list(int place) {
        return (List<?>) at(place);
    }

    private Object at(int place) {
        Object value = place < values.size() ? values.get(place) : null;
        if (value == null) {
            throw new FrameException("a call has no argument " + place);
        }
        return value;
    }
}
