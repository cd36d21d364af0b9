"""How long a run will still take, judged by how long its calls took so far."""

from __future__ import annotations

from stellwerk.planning.progress import Progress


def remaining(progress: Progress, at: float) -> float | None:
    """Return about how many seconds a run will still take; None without evidence.

    What is left is shared among as many calls at once as there have been, at the median time
    of each stage; it takes no less than a route's tasks and packages one after the other.
    """
    tasks, packages = progress.stage("tasks"), progress.stage("packages")
    of_tasks = _median(tasks.seconds or packages.seconds)
    of_packages = _median(packages.seconds or tasks.seconds)
    if progress.outcome != "running" or of_tasks is None or of_packages is None:
        return None
    routes_left = tasks.known - tasks.done
    per_route = packages.known / tasks.done if tasks.done else 1.0
    left = packages.known - packages.done + routes_left * per_route
    typical = {"tasks": of_tasks, "packages": of_packages}
    begun = [
        min(at - call.since, typical[call.stage])
        for call in progress.under_way
        if call.stage in typical
    ]
    work = routes_left * of_tasks + left * of_packages - sum(begun)
    chain = (of_tasks if routes_left else 0.0) + (of_packages if left else 0.0)
    parallel = max(work / max(progress.concurrency, 1), chain - min(begun, default=0.0))
    return max(parallel, 0.0) + _pause(progress, at) + _review(progress, of_packages, at)


def _pause(progress: Progress, at: float) -> float:
    """Return for how long nothing can happen: every call waits to be sent again."""
    if progress.under_way or not progress.waits:
        return 0.0
    return max(min(wait.until for wait in progress.waits) - at, 0.0)


def _review(progress: Progress, typical: float, at: float) -> float:
    """Return how long the review will take: as decompose did, it is as hard a question."""
    review = progress.stage("review")
    if review.done or not progress.concurrency:
        return 0.0
    whole = _median(progress.stage("decompose").seconds) or typical
    begun = [at - call.since for call in progress.under_way if call.stage == "review"]
    return max(whole - min(begun, default=0.0), 0.0)


def _median(seconds: tuple[float, ...]) -> float | None:
    return sorted(seconds)[len(seconds) // 2] if seconds else None
