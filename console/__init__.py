"""The coordinators' and readers' pages in a browser; and the demo's world."""
