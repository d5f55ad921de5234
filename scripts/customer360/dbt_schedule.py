"""In which order dbt's threads take the steps of a build.

dbt orders the steps by their level in the graph and hands each to its threads as soon as it is ready. The models that
take long follow one another, so they would begin when some two hundred small steps are done, and then leave all threads
but one idle. Here a thread that is free takes, of the steps that are ready, the one that the longest chain waits for:
the small steps run beside the long ones. dbt has no setting for it, so its queue is changed while a build runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager
from graphlib import TopologicalSorter
from typing import Any

# A thread that hears from the server gets the interpreter back after so many seconds at most. Python's own 0.005, with
# threads that compute and steps that ask the server ten times, adds up.
SWITCH_INTERVAL = 0.0005


def chain_lengths(followers: Mapping[str, Set[str]]) -> dict[str, int]:
    """How many steps wait for each one, on the longest way to an end of the graph."""
    lengths: dict[str, int] = {}
    for step in TopologicalSorter(followers).static_order():
        lengths[step] = max((lengths[follower] + 1 for follower in followers[step]), default=0)
    return lengths


@contextmanager
def longest_chain_first() -> Iterator[None]:
    """Let `dbt build` in this process take its steps in this order meanwhile."""
    from dbt.graph.queue import GraphQueue  # here, not above: importing dbt takes seconds
    from dbt.task.build import BuildTask

    give_out: Any = BuildTask.handle_job_queue

    def scores(_: Any, graph: Any) -> dict[str, int]:
        # dbt takes the lowest first.
        chains = chain_lengths({step: set(graph.successors(step)) for step in graph})
        return {step: -length for step, length in chains.items()}

    def give_out_to_free_thread(task: Any, pool: Any, callback: Any) -> None:
        # What is given out is taken in that order: nothing may be before a thread is free.
        queue = task.job_queue
        with queue.lock:
            queue.some_task_done.wait_for(lambda: len(queue.in_progress) < task.config.threads)
        give_out(task, pool, callback)

    with ExitStack() as undo:
        for owner, name, ours in (
            (GraphQueue, "_get_scores", scores),
            (BuildTask, "handle_job_queue", give_out_to_free_thread),
        ):
            undo.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, ours)
        undo.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_INTERVAL)
        yield
