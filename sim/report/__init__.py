"""Charts and pages. They read result tables and the manifest, never the model."""
