"""How well and how fast company names are matched: the bench behind `manage.py match_bench`."""
