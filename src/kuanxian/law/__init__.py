"""Law: rules as data, and the engine that runs, explains and proves them. It knows no law."""
