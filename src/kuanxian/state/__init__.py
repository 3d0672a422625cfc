"""State: a position for every loan. Batch, local, cluster; only ``cluster`` knows Spark."""
