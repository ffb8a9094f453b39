"""The one place that puts the parts together, and what each command does with them. tinbao.py is its command line."""
