"""How the documentation becomes pages. Must never load the program: pages are plain Markdown."""

from __future__ import annotations

project = "Ombud"
copyright = "The Ombud developers"  # noqa: A001 -- Sphinx's name
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Ombud"
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Rules, terminal sessions and the like have no lexer of their own.
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure"]
