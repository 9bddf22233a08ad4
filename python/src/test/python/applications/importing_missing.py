"""An import that needs a module which isn't there."""

import no_such_module_at_all  # noqa: F401
