"""Action: what may be done, and the reservation that makes doing it lawful."""
