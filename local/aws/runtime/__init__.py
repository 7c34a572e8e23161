"""What every part of the local AWS stands on: calls in process, events, time and background work."""
