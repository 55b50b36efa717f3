"""What the model implies beside what is known: printed, never fitted here."""
