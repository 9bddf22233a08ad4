package dev.loomgate.server.uwsgi;

/// What a uwsgi packet may ask for.
///
/// @param bufferSize most bytes of request variables, at least 1 (`--buffer-size`); the format itself ends at
/// 65535
/// @param maxHeaders most request variables, at least 1 (`--max-headers`)
/// @param limitPost most bytes of body, at least 0 (`--limit-post`); `Long.MAX_VALUE` for no limit
public record UwsgiLimits(int bufferSize, int maxHeaders, long limitPost) {
    /// All that the format allows, 256 variables, and bodies of any length.
    public static final UwsgiLimits DEFAULT = new UwsgiLimits(65535, 256, Long.MAX_VALUE);

    /// @throws IllegalArgumentException if one of them is out of its range
    public UwsgiLimits {
        if (bufferSize < 1) {
            throw new IllegalArgumentException("--buffer-size is " + bufferSize + ", under 1");
        }
        if (maxHeaders < 1) {
            throw new IllegalArgumentException("--max-headers is " + maxHeaders + ", under 1");
        }
        if (limitPost < 0) {
            throw new IllegalArgumentException("--limit-post is " + limitPost + ", under 0");
        }
    }
}
