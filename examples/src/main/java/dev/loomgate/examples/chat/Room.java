package dev.loomgate.examples.chat;

import dev.loomgate.gateway.WebSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The members that are in a room now. Any thread.
final class Room {
    private static final Map<String, Room> ROOMS = new ConcurrentHashMap<>();

    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    static Room named(String name) {
        return ROOMS.computeIfAbsent(name, _ -> new Room());
    }

    Member join(WebSocket socket) {
        Member member = new Member(socket);
        members.add(member);
        return member;
    }

    void leave(Member member) {
        members.remove(member);
        member.stop();
    }

    /// Every member reads this; none of them is waited for.
    void say(String text) {
        members.forEach(member -> member.read(text));
    }
}
