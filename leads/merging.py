"""What happens to leads when two companies turn out to be one. Called by `companies`."""

from companies.models import Company
from leads.models import Lead


def repoint(source: Company, target: Company) -> None:
    """Move leads from one company to another; runs inside the merge, under both companies' locks."""
    Lead.objects.filter(company=source).update(company=target)
