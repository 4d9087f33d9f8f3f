"""The facts told by words and not by work: approach, malignancy, primary site, disease status."""

from debulk.approach import approach
from debulk.malignancy import malignancy
from debulk.site import primary_site
from debulk.status import disease_status

__all__ = ["approach", "disease_status", "malignancy", "primary_site"]
