package dev.loomgate.server.http2;

/// How soon a response is wanted (RFC 9218).
///
/// @param urgency 0 to 7, the most urgent first
/// @param incremental whether parts of it are of use, so that it may share its turn with others
record Priority(int urgency, boolean incremental) {
    static final int LEVELS = 8;
    static final Priority DEFAULT = new Priority(3, false);

    /// What a field says: `u=1, i`. What it doesn't say, or says in another way, is as in [#DEFAULT] (RFC 9218 section
    /// 4).
    static Priority of(String field) {
        int urgency = DEFAULT.urgency;
        boolean incremental = DEFAULT.incremental;
        int at = 0;
        while (at < field.length()) {
            int comma = field.indexOf(',', at);
            int to = comma < 0 ? field.length() : comma;
            String member = field.substring(at, to).strip();
            if (member.length() == 3 && member.startsWith("u=") && isLevel(member.charAt(2))) {
                urgency = member.charAt(2) - '0';
            } else if (member.equals("i") || member.equals("i=?1")) {
                incremental = true;
            } else if (member.equals("i=?0")) {
                incremental = false;
            }
            at = to + 1;
        }
        return new Priority(urgency, incremental);
    }

    private static boolean isLevel(char digit) {
        return digit >= '0' && digit < '0' + LEVELS;
    }
}
