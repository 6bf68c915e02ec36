"""A throw-away app whose migrations make every tenant behind: one column, slowly, and refused where asked."""
