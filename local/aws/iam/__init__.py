"""What IAM evaluates on AWS and MiniStack does not: resources, condition keys and the passing of roles.

MiniStack verifies signatures and evaluates policies; here it learns what each request of our services is about. It is
never taught to allow more than AWS does: a policy that AWS refuses is to be refused here.
"""

from aws.iam import actions, conditions, further_checks, resources, tags, transport


def install() -> None:
    """Teach MiniStack's evaluation."""
    transport.install()
    actions.install()
    resources.install()
    tags.install()
    conditions.install()
    further_checks.install()
