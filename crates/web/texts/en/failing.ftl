# When a page cannot be shown: what to do next, and what was typed
fail-back = Back to the page you were on
fail-track = See how this case is going
fail-search = What do you want to do?
fail-search-go = Search
fail-typed = What you wrote is still here
fail-typed-hint = Copy it and fill it in again on the page you were on, or send it again from here.
fail-typed-copy = Copy it and fill it in again on the page you were on.
fail-again = Send again
fail-written = Text { $place }
error-enough = Too many for now
error-crowded = No new applications and files for the moment
error-wait-next = Try again when that time is over. What was saved is still here.
error-method = This address does not open that way
error-method-next = Please come from a page of this site.
