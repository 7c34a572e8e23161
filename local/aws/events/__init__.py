"""Events that services put on the default bus, where MiniStack puts none."""

from aws.events import alarm_states


def install() -> None:
    """Tell the bus of alarms that change their state."""
    alarm_states.install()
