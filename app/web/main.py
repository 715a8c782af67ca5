"""The web app: one page a file, one corpus for all sessions. Serve it with `prunebase app`."""

from __future__ import annotations

import sys
from pathlib import Path

if (root := str(Path(__file__).resolve().parent.parent.parent)) not in sys.path:
    sys.path.insert(0, root)  # Streamlit puts app/ first, not its parent

from app.web import frame

frame.draw()
