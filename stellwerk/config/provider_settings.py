"""The settings of each provider of language models, a part of the table in `schema`."""

from __future__ import annotations

from typing import Final

from stellwerk.config.setting import Kind, Setting

PROVIDERS: Final[tuple[Setting, ...]] = (
    Setting(
        "ai.openai.api_key",
        Kind.SECRET,
        None,
        "The key for OpenAI. Better kept out of files: use `stellwerk keys set openai` or"
        " the variable `OPENAI_API_KEY`.",
        guarded=True,
        example='"${OPENAI_API_KEY}"',
        also=("OPENAI_API_KEY",),
    ),
    Setting(
        "ai.openai.base_url",
        Kind.URL,
        "https://api.openai.com/v1",
        "Where OpenAI is reached. Change it only for a proxy you trust: it sees your key and"
        " your goals.",
        guarded=True,
    ),
    Setting(
        "ai.openai.api",
        Kind.TEXT,
        "auto",
        "Which of OpenAI's interfaces is spoken: `responses`, `chat`, or `auto`, which takes"
        " `responses` at OpenAI itself and `chat` at any other address.",
        choices=("auto", "responses", "chat"),
    ),
    Setting(
        "ai.openai.model",
        Kind.TEXT,
        "gpt-5-mini",
        "The OpenAI model for the many small calls of a run: tasks and work packages.",
    ),
    Setting(
        "ai.openai.reasoning_model",
        Kind.TEXT,
        "gpt-5",
        "The OpenAI model for the few calls that need more thought: the routes of a plan and"
        " its review.",
    ),
    Setting(
        "ai.openai.timeout_seconds",
        Kind.NUMBER,
        90.0,
        "How long to wait for one answer of OpenAI before the call counts as failed.",
        minimum=1,
        maximum=3600,
    ),
    Setting(
        "ai.anthropic.api_key",
        Kind.SECRET,
        None,
        "The key for Anthropic. Better kept out of files: use `stellwerk keys set anthropic`"
        " or the variable `ANTHROPIC_API_KEY`.",
        guarded=True,
        example='"${ANTHROPIC_API_KEY}"',
        also=("ANTHROPIC_API_KEY",),
    ),
    Setting(
        "ai.anthropic.base_url",
        Kind.URL,
        "https://api.anthropic.com",
        "Where Anthropic is reached. Change it only for a proxy you trust: it sees your key"
        " and your goals.",
        guarded=True,
    ),
    Setting(
        "ai.anthropic.model",
        Kind.TEXT,
        "claude-sonnet-4-6",
        "The Anthropic model for the calls of a run.",
    ),
    Setting(
        "ai.anthropic.reasoning_model",
        Kind.TEXT,
        None,
        "The Anthropic model for the few calls that need more thought. Without one it is the"
        " same as for all others.",
        example='"claude-opus-4-6"',
    ),
    Setting(
        "ai.anthropic.timeout_seconds",
        Kind.NUMBER,
        90.0,
        "How long to wait for one answer of Anthropic before the call counts as failed.",
        minimum=1,
        maximum=3600,
    ),
    Setting(
        "ai.ollama.base_url",
        Kind.URL,
        "http://localhost:11434",
        "Where your Ollama server is reached.",
        guarded=True,
    ),
    Setting(
        "ai.ollama.model",
        Kind.TEXT,
        None,
        "The Ollama model to use. Without one it is the first model the server lists.",
        example='"qwen3:8b"',
    ),
    Setting(
        "ai.ollama.num_ctx",
        Kind.INTEGER,
        16384,
        "The context window to ask Ollama for, in tokens. Its own default is so small that"
        " prompts are cut without a word; a larger window needs more memory.",
        minimum=2048,
        maximum=1_000_000,
    ),
    Setting(
        "ai.ollama.timeout_seconds",
        Kind.NUMBER,
        300.0,
        "How long to wait for one answer of the Ollama server before the call counts as failed.",
        minimum=1,
        maximum=3600,
    ),
    Setting(
        "ai.compatible.base_url",
        Kind.URL,
        None,
        "Where a server that speaks OpenAI's protocol is reached (vLLM, LM Studio,"
        " llama.cpp, a company gateway). Without one there is no such provider.",
        guarded=True,
        example='"http://localhost:8000/v1"',
    ),
    Setting(
        "ai.compatible.api_key",
        Kind.SECRET,
        None,
        "The key for that server, if it wants one; better stored with `stellwerk keys set"
        " compatible`.",
        guarded=True,
        example='"${MY_SERVER_KEY}"',
    ),
    Setting(
        "ai.compatible.model",
        Kind.TEXT,
        None,
        "The model of that server to use. Without one it is the first model it lists.",
        example='"qwen3-32b"',
    ),
    Setting(
        "ai.compatible.timeout_seconds",
        Kind.NUMBER,
        120.0,
        "How long to wait for one answer of that server before the call counts as failed.",
        minimum=1,
        maximum=3600,
    ),
    Setting(
        "ai.litellm.model",
        Kind.TEXT,
        None,
        "The model LiteLLM asks, with its provider in front; it needs the extra"
        " `stellwerk[litellm]`. Without one there is no such provider.",
        example='"gemini/gemini-2.5-flash"',
    ),
    Setting(
        "ai.litellm.reasoning_model",
        Kind.TEXT,
        None,
        "The model LiteLLM asks where more thought is needed. Without one it is the same.",
        example='"gemini/gemini-2.5-pro"',
    ),
    Setting(
        "ai.litellm.api_key",
        Kind.SECRET,
        None,
        "The key of that model's provider; better stored with `stellwerk keys set litellm`.",
        guarded=True,
        example='"${LITELLM_API_KEY}"',
    ),
    Setting(
        "ai.litellm.base_url",
        Kind.URL,
        None,
        "Where LiteLLM reaches that provider, if not at its usual address.",
        guarded=True,
        example='"http://localhost:4000"',
    ),
    Setting(
        "ai.litellm.timeout_seconds",
        Kind.NUMBER,
        120.0,
        "How long to wait for one answer of LiteLLM before the call counts as failed.",
        minimum=1,
        maximum=3600,
    ),
)
