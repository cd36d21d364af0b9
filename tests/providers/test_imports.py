"""Nothing heavy is imported before somebody is asked."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from stellwerk.planning.models import ModelRequest, ProviderOptions
from stellwerk.providers import anthropic, compatible, discovery, litellm, ollama, openai

request = ModelRequest("tasks", "r1", {}, {}, "tasks@1", lambda: [])
settings = {"base_url": "http://localhost:1/v1", "model": "m"}
for make in (
    anthropic.AnthropicProvider,
    compatible.CompatibleProvider,
    litellm.LiteLLMProvider,
    ollama.OllamaProvider,
    openai.OpenAIProvider,
):
    make(ProviderOptions(settings)).target(request)
heavy = {"openai", "anthropic", "litellm", "httpx", "httpx2", "pydantic", "jinja2", "sqlmodel"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_building_a_provider_and_asking_where_it_goes_imports_no_sdk():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
