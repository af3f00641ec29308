"""What a person sees: colour, progress, errors, summary lines. Nothing else writes to a stream."""
