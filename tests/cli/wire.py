"""A stranger's provider of models, installed where only one test sees it.

It answers as the variable `WIRE` says, and costs what every answer of its model costs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.test_processes import install
from tests.planning.drafts import structure

SOURCE: Final = """
import asyncio
import json
import os

from stellwerk.plugins.api import (
    FailureKind, ModelError, ModelReply, SourceKind, Target, Usage,
)

STRUCTURE = json.loads(%r)
ASKED = []


class Wire:
    name = "wire"
    kind = SourceKind.MODEL
    stages = frozenset({"decompose", "tasks", "packages"})
    modes = ("schema", "json", "text")

    def __init__(self, options):
        self.model = options.settings.get("model") or "gpt-5-mini"

    def target(self, request):
        return Target(self.model, "http://wire.example/v1", {})

    async def complete(self, request):
        ASKED.append(request)
        how = os.environ.get("WIRE", "")
        if how == "slow":
            await asyncio.sleep(60)
        if how == "refused":
            raise ModelError(
                FailureKind.AUTH, "Wire did not accept the key.", "Get another.", status=401
            )
        if how == "no schema" and request.mode == "schema":
            raise ModelError(FailureKind.UNSUPPORTED, "Wire knows no schema.")
        texts = {
            "chatty": "Forty-two \\x1b[31mof course!",
            "wrong": '{"answer": 41}',
            "thoughtful": '<think>{"answer": 1}</think>```json\\n{"answer": 42}\\n```',
        }
        if request.stage == "test":
            text = texts.get(how, '{"answer": 42}')
        elif request.stage == "decompose":
            text = json.dumps(STRUCTURE)
        else:
            raise ModelError(FailureKind.AUTH, "Wire did not accept the key.", "Get another.")
        used = Usage() if how == "secretive" else Usage(120, 20)
        reason = "length" if how == "endless" else "stop"
        return ModelReply(
            text=text, model="wire-1", usage=used, request_id="req-7", finish_reason=reason
        )

    async def close(self):
        ASKED.append("closed")
"""


def install_wire(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the provider `wire` for calls within this process; return its folder."""
    entry = "[stellwerk.providers]\nwire = wire:Wire\n"
    install(site, "wire", SOURCE % json.dumps(structure()), entry)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "wire", raising=False)
    return site
