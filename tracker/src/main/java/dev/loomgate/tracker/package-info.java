/// An issue tracker, as a project of somebody else's would be written: pages, an API, a login,
/// attachments, a database, events. `README.md` builds it in eight steps.
@NullMarked
package dev.loomgate.tracker;

import org.jspecify.annotations.NullMarked;
