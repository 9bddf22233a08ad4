package dev.loomgate.cli.dashboard;

import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import java.util.Map;

/// `/detail/<panel>/<subject>`: more about something that a panel shows, as JSON.
///
/// @param panels by their names
record Details(Map<String, Panel> panels) {
    Response get(String panel, String subject) throws InterruptedException {
        Panel found = panels.get(panel);
        if (found == null) {
            throw new NotFound();
        }
        return found.detail(subject)
                .map(Response::json)
                .orElseThrow(() -> new NotFound("It isn't there any more."));
    }
}
