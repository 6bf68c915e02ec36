"""Files of running registrations: columns, cleaning, causes, plans. Pure but for `lookup`."""
