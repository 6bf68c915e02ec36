"""Lists of companies that the vendor loads: columns, cleaning, causes, plans. Pure but for `lookup`."""
