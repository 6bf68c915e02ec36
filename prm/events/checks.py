"""Have the chain checked, and note that it was. No transaction around it: sealing locks briefly."""

from prm import portal
from prm.access import Actor, require
from prm.events.audit import VERIFIED
from prm.events.extract import Verdict
from prm.events.policies import can_verify
from prm.events.sealing import seal_pending
from prm.events.services import record
from prm.events.verify import verify_tenant


def verify_now(*, actor: Actor) -> Verdict:
    """Seal what waits, check the whole chain and record `ledger.verified` with the verdict.

    Reads every event once: some three seconds for a million. Raises PermissionDenied.
    """
    require(can_verify(actor))
    seal_pending()
    verdict = verify_tenant()
    broken = (
        {"number": verdict.broken.number, "kind": verdict.broken.kind} if verdict.broken else {}
    )
    record(
        VERIFIED,
        target=portal.current(),
        actor=actor,
        data={
            "number": verdict.count,
            "head": verdict.head,
            "holds": verdict.holds,
            "broken": broken,
        },
    )
    return verdict
