"""The local AWS: MiniStack and, part by part, what it lacks.

Each part is a package with `install()`, called once by `aws.app` before the first request. A part follows AWS's own
documentation (each file names its page) and never knows what runs on it.
"""
