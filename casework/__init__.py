"""What a post, an event, a case, a deadline and a department are, what may be done to them, where they are kept."""
