"""The payload of a failed invocation: the error's type, its message and its stack trace.

https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
"""

import re
import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_last = threading.local()

# What MiniStack's worker says of a module or handler that it cannot use, and Lambda's type and message for it.
INIT_FAILURES = (
    (r"Cannot find module '(?P<what>[^']*)'", "Runtime.ImportModuleError", "Error: Cannot find module '{what}'"),
    (
        r"Handler (?P<what>\S+) is not a function in (?P<module>\S+)",
        "Runtime.HandlerNotFound",
        "{module}.{what} is undefined or not exported",
    ),
    (r"(?P<what>Unexpected .*|Invalid .*)", "Runtime.UserCodeSyntaxError", "SyntaxError: {what}"),
)


def install() -> None:
    _keep_worker_answers()
    execute = lambda_svc._execute_function_warm

    def execute_in_lambdas_words(func: dict, event: object, request_id: str) -> dict:
        if not func.get("code_zip"):
            return failure("Runtime.ImportModuleError", "Error: the function has no code")
        _last.answer = {}
        result = execute(func, event, request_id)
        if result.get("error") and not result.get("throttle"):
            return {**result, "body": payload(result["body"], _last.answer, request_id)}
        return result

    lambda_svc._execute_function_warm = execute_in_lambdas_words
    for name in ("_execute_function_local", "_execute_function_provided", "_execute_function_provided_warm"):
        setattr(lambda_svc, name, _needing_code(getattr(lambda_svc, name)))


def _keep_worker_answers() -> None:
    invoke = lambda_runtime.Worker.invoke

    def invoke_and_keep(self, *args, **kwargs):
        answer = invoke(self, *args, **kwargs)
        _last.answer = answer
        return answer

    lambda_runtime.Worker.invoke = invoke_and_keep


def _needing_code(execute):
    def checked(func: dict, event: object, request_id: str) -> dict:
        if not func.get("code_zip"):
            return failure("Runtime.ImportModuleError", "Error: the function has no code")
        return execute(func, event, request_id)

    return checked


def failure(error_type: str, message: str) -> dict:
    """A failed invocation as MiniStack's executors give it."""
    return {"body": {"errorType": error_type, "errorMessage": message}, "error": True, "log": message}


def payload(body: dict, answer: dict, request_id: str) -> dict:
    """The payload of a failed invocation, from what the executor and its worker said."""
    message = str(body.get("errorMessage", ""))
    if body.get("errorType") == "Sandbox.Timedout":
        return {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request_id} Error: {message}"}
    if message.startswith("Worker process"):
        said = f"RequestId: {request_id} Error: Runtime exited with error: exit status 1"
        return {"errorType": "Runtime.ExitError", "errorMessage": said}
    if message.startswith("Worker init failed: "):
        return _init_failure(message.removeprefix("Worker init failed: "))
    trace = [line for line in str(answer.get("trace") or "").split("\n") if line]
    return {"errorType": _type_of(trace), "errorMessage": message, "trace": trace}


def _init_failure(message: str) -> dict:
    for pattern, error_type, form in INIT_FAILURES:
        match = re.search(pattern, message)
        if match:
            return {"errorType": error_type, "errorMessage": form.format(**match.groupdict()), "trace": []}
    return {"errorType": "Error", "errorMessage": message, "trace": []}


def _type_of(trace: list[str]) -> str:
    """The error's class, with which its stack trace begins."""
    match = re.match(r"(?:Uncaught )?([A-Za-z_$][\w$]*)(?: \[[^\]]*\])?(:|$)", trace[0]) if trace else None
    return match[1] if match else "Error"
