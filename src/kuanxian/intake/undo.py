"""Undo: which payment a negative amount takes back."""

from kuanxian.loan.events import Kind


def undo_payments(
    kinds: list[int], days: list[int], amounts: list[int], undo: list[bool]
) -> dict[int, int]:
    """Match each negative amount of a loan with the payment it takes back.

    It takes back an equal payment of the same day, else the last equal one before it;
    each payment can be taken back once. With no equal payment it is money that went
    back to the borrower.

    Args:
        kinds: ``Kind`` of each event, in the order of days.
        days: Its day.
        amounts: Its amount, without sign, fen.
        undo: Whether the amount was negative.

    Returns:
        For each negative amount, the payment it takes back, or -1: a refund.

    Example:
        >>> undo_payments([1, 1, 1], [10, 20, 20], [500, 500, 500], [False, False, True])
        {2: 1}
    """
    free: dict[int, list[int]] = {}
    for place, amount in enumerate(amounts):
        if kinds[place] == Kind.PAYMENT and not undo[place]:
            free.setdefault(amount, []).append(place)
    matched: dict[int, int] = {}
    for place, negative in enumerate(undo):
        if negative:
            before = [p for p in free.get(amounts[place], []) if days[p] <= days[place]]
            matched[place] = before[-1] if before else -1
            if before:
                free[amounts[place]].remove(before[-1])
    return matched
