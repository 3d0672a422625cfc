"""Door: what is shaped like an address book is refused, and nothing of it is kept."""
