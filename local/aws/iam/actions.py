"""The IAM action that permits an operation, where it has another name than the operation.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
"""

from ministack.core import iam_actions

_ACTIONS = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def install() -> None:
    """Judge a batch of messages by the grant for one."""
    extract = iam_actions.extract_iam_action

    def action(*request) -> str | None:
        named = extract(*request)
        return _ACTIONS.get(named, named)

    iam_actions.extract_iam_action = action
