package com.example.board;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.Server;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.Result;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Notes that everybody can read and add to.
public final class Board {
    record Note(String text) {}

    private static final List<Note> notes = new CopyOnWriteArrayList<>();

    static final Application application = WebApplication.of(
            Route.get("/", request -> notes.size() + " notes\n"),
            Rule.of("/notes", Notes.class),
            Rule.of("/notes/<int:number>", OneNote.class));

    static final class Notes {
        List<Note> get() {
            return notes;
        }

        Result<Note> post(Note note) {
            notes.add(note);
            return Result.of(note, 201);
        }
    }

    static final class OneNote {
        Note get(int number) {
            if (number < 1 || number > notes.size()) {
                throw new NotFound();
            }
            return notes.get(number - 1);
        }
    }

    public static void main(String[] args) {
        Server.run(application, args);
    }
}
