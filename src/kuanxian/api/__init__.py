"""API: the contact gate over HTTP, for a lender's own dialler or CRM and its agencies."""
