"""Law 2, same answer: however the data came to be what they are, the customers are those of one full build.

Random histories of inserts, updates, deletions and decisions are built step by step. After every step the partition,
the ids, the evidence and the redirects are those of an oracle in Python; at the end `--full-refresh` changes nothing,
and a build from scratch makes the same. HISTORIES says how many (200), SEED which, SHRINK=1 makes a failing one small.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pprint import pformat
from typing import Any

import psycopg
import pytest
from builds import build, connect
from conftest import ServerOf, fresh_database
from histories import (
    Batch,
    History,
    World,
    clear,
    contents,
    draw_histories,
    forget,
    play,
    row_versions,
)
from history_oracle import MAX_CLUSTER_RECORDS, MAX_GROUP_SHARE, MIN_NAME_GROUPS, Expected, Oracle
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from customer360 import legacy
from customer360.server import Server

HISTORIES = int(os.environ.get("HISTORIES", "200"))
SEED = int(os.environ.get("SEED", "360"))
# Small bounds, so that verdicts flip and clusters are refused all the time.
VARIABLES = (
    f"{{shared_identifier_min_name_groups: {MIN_NAME_GROUPS}, shared_identifier_max_group_share: {MAX_GROUP_SHARE}, "
    # The oracle knows identifiers only; test_scores.py has scores.
    f"max_cluster_records: {MAX_CLUSTER_RECORDS}, score_pairs: false}}"
)
MODELS_ONLY = ("resource_type:test", "resource_type:unit_test")

Differences = dict[int, list[str]]
"""By number of the history: what is wrong."""


def compare_with_oracle(connection: psycopg.Connection[Any], expected: dict[int, Expected], when: str) -> Differences:
    """What the tables say that the oracles do not, and the other way round."""
    said: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(set))
    key = "{0}.tenant_id, {0}.system, {0}.entity, {0}.source_id"
    records = "c360_intermediate.int_records"
    order: dict[str, list[Any]] = defaultdict(list)
    for *record, customer_id in connection.execute(
        f"select {key.format('r')}, customer_id::text from {records} as r order by record_no"
    ):
        no = record[0].split("_")[0]
        order[no].append(tuple(record))
        said[no]["ids"].add((tuple(record), customer_id))
    for row in connection.execute(
        f"""
        select {key.format("r")}, {key.format("a")}, is_identified, c.customer_id = a.customer_id
        from c360_intermediate.int_clusters as c
        inner join {records} as r on r.record_no = c.record_no
        inner join {records} as a on a.record_no = c.anchor_no
        where is_live
        """
    ):
        said[row[0].split("_")[0]]["anchors"].add((tuple(row[:4]), tuple(row[4:8]), *row[8:]))
    for name in ("edges", "refused_edges"):
        for rule, value, *ends in connection.execute(
            f"""
            select rule, value, {key.format("a")}, {key.format("b")}
            from c360_intermediate.int_{name} as e
            inner join {records} as a on a.record_no = e.record_no_a
            inner join {records} as b on b.record_no = e.record_no_b
            """
        ):
            said[ends[0].split("_")[0]][name].add((rule, value, tuple(ends[:4]), tuple(ends[4:])))
    for ignored in connection.execute(
        "select tenant_id, kind, value, verdict from c360_intermediate.int_ignored_identifiers"
    ):
        said[ignored[0].split("_")[0]]["ignored"].add(ignored)
    for tenant, *redirect in connection.execute(
        "select tenant_id, from_customer_id::text, to_customer_id::text "
        f"from c360.customer_redirects inner join {records} as r on r.record_no = anchor_no"
    ):
        said[tenant.split("_")[0]]["redirects"].add(tuple(redirect))
    for tenant, *status in connection.execute(
        "select tenant_id, customer_id::text, case when record_count > 0 then 'live' else status end "
        "from c360.customers"
    ):
        said[tenant.split("_")[0]]["statuses"].add(tuple(status))

    differences: Differences = {}
    for no, wanted in expected.items():
        found, history = said[f"h{no}"], f"h{no}"
        lines = [] if order[history] == wanted.order else [f"order: {order[history]} instead of {wanted.order}"]
        for name, right in {
            "ids": set(wanted.ids.items()),
            "anchors": {(k, a, k in wanted.identified, True) for k, a in wanted.anchors.items()},
            "edges": wanted.edges,
            "refused_edges": wanted.refused,
            "ignored": wanted.ignored,
            "redirects": set(wanted.redirects.items()),
            "statuses": set(wanted.statuses.items()),
        }.items():
            lines += [f"{name}: too much {row}" for row in sorted(found[name] - right, key=repr)]
            lines += [f"{name}: missing {row}" for row in sorted(right - found[name], key=repr)]
        if lines:
            differences[no] = [f"{when}:", *lines]
    return differences


def compare_contents(before: dict[str, Any], after: dict[str, Any], when: str) -> Differences:
    """Rows that two builds make differently."""
    return {
        int(no[1:]): [
            f"{when}:",
            *(f"only incrementally: {row}" for row in sorted(before.get(no, set()) - after.get(no, set()))),
            *(f"only {when}: {row}" for row in sorted(after.get(no, set()) - before.get(no, set()))),
        ]
        for no in sorted(before.keys() | after.keys())
        if before.get(no) != after.get(no)
    }


def run(url: str, server: Server, histories: list[History]) -> Differences:
    """Play the histories, build after every step, and say which of them come out wrong."""
    legacy.generate(url, people=30)
    worlds = [World(no, history) for no, history in enumerate(histories)]
    oracles = [Oracle(world) for world in worlds]
    differences: Differences = {}
    with connect(url) as connection:
        clear(connection)
        for step in range(max(map(len, histories))):
            play(connection, (world for world in worlds if step < len(world.history)), step)
            build(url, variables=VARIABLES, exclude=MODELS_ONLY)
            expected = {oracle.world.no: oracle.build() for oracle in oracles}
            differences = compare_with_oracle(connection, expected, f"after step {step}") | differences
        before, versions = contents(connection, of_history=True), row_versions(connection)
        of_data = contents(connection, of_history=False)
        build(url, variables=VARIABLES, full_refresh=True)
        differences = compare_contents(before, contents(connection, of_history=True), "by a full refresh") | differences
        rewritten = [table for table, rows in row_versions(connection).items() if rows != versions[table]]
        assert differences or not rewritten, f"a full refresh that changes nothing rewrote rows of {rewritten}"
    with copy(server, url) as scratch, connect(scratch) as connection:
        forget(connection)
        build(scratch, variables=VARIABLES, exclude=MODELS_ONLY)
        return compare_contents(of_data, contents(connection, of_history=False), "from scratch") | differences


def copy(server: Server, url: str) -> AbstractContextManager[str]:
    """A fresh database with all that another one holds."""
    name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    return fresh_database(server, sql.SQL("template {}").format(name).as_string())


def smaller(history: History) -> Iterator[History]:
    """The history with one change or one decision less."""
    for no, batch in enumerate(history):
        for name in ("changes", "decisions"):
            things = getattr(batch, name)
            for place in range(len(things)):
                kept = {
                    "changes": batch.changes,
                    "decisions": batch.decisions,
                    name: things[:place] + things[place + 1 :],
                }
                yield (*history[:no], Batch(**kept), *history[no + 1 :])


def shrink(server: Server, history: History, said: list[str]) -> tuple[History, list[str]]:
    """A history that still fails, and from which nothing can be left out. All that are smaller run at once."""
    while candidates := list(smaller(history)):
        with fresh_database(server) as url:
            differences = run(url, server, candidates)
        if not differences:
            break
        no, said = min(differences.items())
        history = candidates[no]
    return history, said


@pytest.mark.timeout(7200)
def test_every_history_ends_like_one_full_build(server_of: ServerOf) -> None:
    server = server_of("18")
    histories = draw_histories(HISTORIES, SEED)
    assert len(histories) == HISTORIES
    with fresh_database(server) as url:
        differences = run(url, server, histories)
    if differences:
        no, said = min(differences.items(), key=lambda item: len(repr(histories[item[0]])))
        history = histories[no]
        if os.environ.get("SHRINK"):
            history, said = shrink(server, history, said)
        pytest.fail(
            f"{len(differences)} of {HISTORIES} histories (SEED={SEED}) end wrongly: {sorted(differences)}. "
            f"One of them, number {no}:\n{pformat(history, width=150)}\n" + "\n".join(said)
        )
