package com.example.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loomgate.toolkit.test.Client;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoardTest {
    private final Client client = Client.of(Board.application);

    @Test
    void aNoteIsThereAfterItWasAdded() {
        assertEquals(201, client.post("/notes").json(Map.of("text", "tea")).send().code());
        assertEquals("{\"text\":\"tea\"}", client.get("/notes/1").send().text());
    }

    @Test
    void aNoteThatIsNotThereIsNotFound() {
        assertEquals(404, client.get("/notes/1000").send().code());
    }
}
