"""The double directly under Semantic Kernel, without HTTP: for tests of what stands above the connection."""

from collections.abc import AsyncGenerator, Callable
from typing import Any, ClassVar, Literal

from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.function_calling_utils import update_settings_from_function_call_configuration
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import (
    ChatHistory,
    ChatMessageContent,
    FunctionCallContent,
    StreamingChatMessageContent,
    StreamingTextContent,
    TextContent,
)
from semantic_kernel.contents.utils.author_role import AuthorRole

from agent.brain.double.answers import Answer, Script
from agent.brain.double.faults import changed
from agent.brain.failures import FailureKind, ModelFailed

_FAILURES: dict[str, FailureKind] = {
    "wrong_key": "key",
    "wrong_deployment": "deployment",
    "busy": "busy",
    "busy_short": "busy",
    "quota": "quota",
    "server_error": "server",
    "overloaded": "server",
    "html": "not_a_model",
    "html_error": "server",
    "no_choices": "nonsense",
    "prompt_filtered": "filtered",
    "answer_filtered": "filtered",
    "refusal": "refused",
    "hangs": "timeout",
    "drops": "unreachable",
    "bad_request": "rejected",
    "no_tools": "no_tools",
}
"""What a fault of the wire arrives as above the connection."""


class _Settings(PromptExecutionSettings):
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | None = None
    temperature: float | None = None


class DoubledService(ChatCompletionClientBase):
    """A chat completion service that answers by a script."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    script: Script

    def get_prompt_execution_settings_class(self) -> type[PromptExecutionSettings]:
        return _Settings

    def _update_function_choice_settings_callback(self) -> Callable[..., None]:
        return update_settings_from_function_call_configuration

    def _reset_function_choice_settings(self, settings: PromptExecutionSettings) -> None:
        if isinstance(settings, _Settings):
            settings.tools, settings.tool_choice = None, None

    async def _inner_get_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings
    ) -> list[ChatMessageContent]:
        return [_message(self._answer(chat_history, settings))]

    async def _inner_get_streaming_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings, function_invoke_attempt: int = 0
    ) -> AsyncGenerator[list[StreamingChatMessageContent], Any]:
        answer = self._answer(chat_history, settings)
        for piece in answer.text.split(" "):
            yield [
                StreamingChatMessageContent(
                    role=AuthorRole.ASSISTANT,
                    choice_index=0,
                    ai_model_id=self.ai_model_id,
                    function_invoke_attempt=function_invoke_attempt,
                    items=[StreamingTextContent(choice_index=0, text=piece + " ")],
                )
            ]
        if answer.fault in ("cut_stream", "error_in_stream"):
            raise ModelFailed("cut")

    def _answer(self, chat_history: ChatHistory, settings: PromptExecutionSettings) -> Answer:
        body = {
            "model": self.ai_model_id,
            "messages": [message.to_dict() for message in chat_history.messages],
            "tools": getattr(settings, "tools", None),
        }
        answer = self.script(body)
        failed = _FAILURES.get(answer.fault or "")
        if failed is not None:
            raise ModelFailed(failed)
        return changed(answer)


def _message(answer: Answer) -> ChatMessageContent:
    calls = [
        FunctionCallContent(id=f"call_{number}", name=call.name, arguments=call.arguments)
        for number, call in enumerate(answer.calls)
    ]
    items: list[Any] = [*calls, *([TextContent(text=answer.text)] if answer.text else [])]
    role: Literal[AuthorRole.ASSISTANT] = AuthorRole.ASSISTANT
    return ChatMessageContent(role=role, items=items)
