"""Words everyone uses: fen, rates, days, bounds, errors. Imports nothing of ours."""
