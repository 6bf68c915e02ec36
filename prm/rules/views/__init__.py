"""The rules pages: reading for the vendor's staff, changing for administrators."""
