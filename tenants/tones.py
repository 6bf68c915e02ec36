"""How the states of a portal look."""

from prm.ui.html import Tone
from tenants.enums import PortalState

TONES: dict[PortalState, Tone] = {  # trouble first
    PortalState.FAILED: "danger",
    PortalState.OPENING: "info",
    PortalState.LEAVING: "danger",
    PortalState.SUSPENDED: "warning",
    PortalState.LIVE: "success",
}
