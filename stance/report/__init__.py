"""Pages people look at: figures are summed up first (``summarize_*``) and rendered second (``render_*``)."""
