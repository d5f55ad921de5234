"""From a manifest to the steps of its cutover, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from customer360.cutover.backfill import Backfill, FillMapping
from customer360.cutover.constrain import (
    AddForeignKey,
    AddNotNull,
    CreateIndex,
    ValidateForeignKey,
    ValidateNotNull,
)
from customer360.cutover.contract.archive import ArchiveColumns, ArchiveRegister
from customer360.cutover.contract.drop import DropAuthHelper, DropColumns, DropStagingViews
from customer360.cutover.contract.on_request import AllowMark, MarkRows, RequireAllRows, RequireNewRows
from customer360.cutover.expand import AddReference, CreateMapping, MapNewRows
from customer360.cutover.manifest import Manifest
from customer360.cutover.steps import PHASES, Step
from customer360.cutover.switch.counters import CreateCounters, FillCounters
from customer360.cutover.switch.deprecation import Deprecate, DeprecateTable
from customer360.cutover.switch.policies import CreateAuthHelper, CreatePolicy, CreateTenantHelper, CreateTenantPolicy
from customer360.cutover.switch.sync import DropShadowFunction, SyncBothWays
from customer360.cutover.switch.views import CreateView, KeepUpdatedAt


def plan(manifest: Manifest) -> tuple[Step, ...]:
    """All steps. The order is the one that survived trials: nobody is missed, nothing is locked for long."""
    steps = [*_expand(manifest), *_backfill(manifest), *_constrain(manifest), *_switch(manifest), *_contract(manifest)]
    names = [step.name for step in steps]
    assert len(set(names)) == len(names), "names are the ledger's keys"
    assert [step.phase for step in steps] == sorted((step.phase for step in steps), key=PHASES.index)
    return tuple(steps)


def _expand(manifest: Manifest) -> Iterator[Step]:
    """The mapping with its indexes, then its trigger, and only then (in backfill) its rows: nobody slips through."""
    if manifest.mapping:
        yield CreateMapping(manifest.mapping)
        yield MapNewRows(manifest.mapping)
    for reference in manifest.references:
        yield AddReference(reference, manifest.mapping)


def _backfill(manifest: Manifest) -> Iterator[Step]:
    """Before any index or foreign key on the new columns, so that their updates stay HOT."""
    if manifest.mapping:
        yield FillMapping(manifest.mapping)
    for reference in manifest.references:
        yield Backfill(reference, manifest.mapping)


def _constrain(manifest: Manifest) -> Iterator[Step]:
    for reference in manifest.references:
        yield CreateIndex(reference)
        if reference.not_null == "constrain":
            yield AddNotNull(reference)
            yield ValidateNotNull(reference)
        yield AddForeignKey(reference, manifest.mapping)
        yield ValidateForeignKey(reference)


def _switch(manifest: Manifest) -> Iterator[Step]:
    if manifest.mapping:
        yield DropShadowFunction(manifest.mapping)
    for reference in manifest.references:
        yield SyncBothWays(reference, manifest.mapping)
    if manifest.policies:
        yield CreateAuthHelper(manifest.policies)
        for policy in manifest.policies.tables:
            yield CreatePolicy(policy, manifest.policies.helper, manifest.reference(policy.table), manifest.mapping)
        if manifest.policies.tenant and manifest.mapping:
            helper = CreateTenantHelper(manifest.policies.tenant, manifest.mapping)
            yield helper
            for policy in manifest.policies.tables:
                yield CreateTenantPolicy(policy, helper)
    if manifest.counters:
        counting = CreateCounters(manifest.counters, manifest.references)
        yield counting
        yield FillCounters(counting)
    if manifest.view:
        yield CreateView(manifest.view, manifest.counters)
    for touch in manifest.updated_at:
        yield KeepUpdatedAt(touch)
    for deprecated in manifest.deprecated:
        yield Deprecate(deprecated, manifest.grace_days)
    if manifest.mapping and manifest.mapping.archive:
        yield DeprecateTable(manifest.mapping, manifest.grace_days)


def _contract(manifest: Manifest) -> Iterator[Step]:
    """Every column is in the archive before any goes; the register goes after what points at it."""
    for reference in manifest.references:
        if reference.not_null == "on request":
            yield RequireNewRows(reference)
            yield RequireAllRows(reference)
    if manifest.mark:
        yield AllowMark(manifest.mark)
        yield MarkRows(manifest.mark, manifest.reference(manifest.mark.table))
    policies = {policy.table: policy.old for policy in manifest.policies.tables} if manifest.policies else {}
    if manifest.deprecated or manifest.mapping:
        yield DropStagingViews()
    for deprecated in manifest.deprecated:
        yield ArchiveColumns(deprecated, manifest.reference(deprecated.table), manifest.mapping)
    for deprecated in manifest.deprecated:
        reference = manifest.reference(deprecated.table)
        yield DropColumns(deprecated, reference, manifest.mapping, policies.get(deprecated.table))
    if manifest.mapping and manifest.mapping.archive:
        yield ArchiveRegister(manifest.mapping)
    if manifest.policies:
        yield DropAuthHelper(manifest.policies)
