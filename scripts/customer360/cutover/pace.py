"""How large the next batch may be, and how long to rest before it: by what clients feel, as far as it is our doing."""

from __future__ import annotations

from dataclasses import dataclass

_FIRST_SIZE = 200
_SMALLEST = 1
# A batch this much shorter than a stall did not cause it with its locks: smaller ones would not help.
_WORST_SHARE = 4
# However slow the machine is without us, beyond so many batches' time we rest all the same.
_BELIEVED = 5
_LONGEST_REST = 1.0


@dataclass
class Pace:
    """Aims batches at `target_ms`, which is how long a row stays locked and a probe stalls.

    A busy machine makes the probe stall without us. What it sees while we rest is the usual stall; only what goes
    beyond counts as ours. Else batches would shrink, and pauses grow, as long as anybody else is at work.
    """

    target_ms: float
    largest: int = 20_000
    wanted: float = _FIRST_SIZE
    usual_ms: float = 0.0

    @property
    def size(self) -> int:
        """Rows of the next batch."""
        return min(round(self.wanted), self.largest)

    def blocked(self) -> None:
        """Somebody held a row of the batch: a smaller one finds fewer such rows."""
        self.wanted = max(self.wanted / 4, _SMALLEST)

    def after_batch(self, lasted_ms: float, stall_ms: float) -> float:
        """Set the next size by what this batch took and the probe saw; how many seconds to rest before it."""
        if stall_ms < self.usual_ms:
            self.usual_ms += (stall_ms - self.usual_ms) / 10
        ours_ms = max(stall_ms - self.usual_ms, 0.0)
        cost_ms = max(lasted_ms, min(ours_ms, _WORST_SHARE * lasted_ms), 0.1)
        self.wanted = min(max(self.wanted * min(max(self.target_ms / cost_ms, 0.5), 1.5), _SMALLEST), self.largest)
        return min(ours_ms / 1000, _LONGEST_REST) if ours_ms > 2 * self.target_ms else 0.0

    def after_rest(self, stall_ms: float) -> None:
        """Learn what the probe sees without us."""
        seen_ms = min(stall_ms, _BELIEVED * self.target_ms)
        self.usual_ms += (seen_ms - self.usual_ms) / 2
