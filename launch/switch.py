"""The stop switch: signals set it, everything that waits looks at it."""

import os
import signal
import threading
from types import FrameType

from launch.problems import Stopped


class StopSwitch:
    """Set by Ctrl-C, SIGTERM or a closed terminal; pressed twice it means "hurry".

    Started by make, it is also set when make is gone: a killed make tells its children nothing.
    """

    def __init__(self, *, follow_parent: bool = False) -> None:
        self._parent = os.getppid() if follow_parent else None
        self._event = threading.Event()
        self.hurry = False

    def install(self) -> None:
        """Take over the signals that ask for an end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._pressed)

    def _pressed(self, number: int, frame: FrameType | None) -> None:
        self.hurry = self._event.is_set() and number != signal.SIGHUP
        self._event.set()

    def press(self) -> None:
        """Ask for an end from inside the program."""
        self._event.set()

    @property
    def pressed(self) -> bool:
        orphaned = self._parent is not None and os.getppid() != self._parent
        return self._event.is_set() or orphaned

    def check(self) -> None:
        """Raise Stopped once the switch is pressed."""
        if self.pressed:
            raise Stopped

    def wait(self, seconds: float) -> bool:
        """Wait that long at most; say whether the switch is pressed."""
        return self._event.wait(seconds) or self.pressed

    def pause(self, seconds: float) -> None:
        """Wait that long, or raise Stopped as soon as the switch is pressed."""
        if self.wait(seconds):
            raise Stopped
