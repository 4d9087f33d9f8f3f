"""The date of service as notes state it, among the other dates that they hold."""

from __future__ import annotations

from datetime import date

import pytest

from debulk import dates

DAY = date(2025, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "DATE OF OPERATION: 03/14/2025",
        "DATE OF SURGERY: 3/14/25",
        "Date of service - March 14, 2025",
        "DOS 2025-03-14",
        "D.O.S.: 14-MAR-2025",
        "DATE: 14MAR2025\nDx: ovarian cancer",
        "Procedure date: Mar. 14th, 2025",
        "Operation 14 March 2025",
        "Op date 3.14.25",
        "date of op: 14 March 2025",
        "OPERATIVE NOTE 14-Mar-2025\nPREOP: recurrent ovarian ca",
        "OP REPORT (GYO)  3/14/2025",
        "March 14, 2025. The operation was a debulking.",
        "It was on the 14th of March in the year 2025 that a debulking was done.",
        "On the fourteenth of March, 2025 this 63-year-old was operated upon.",
        "Surgery date: 2025/03/14",
        "Surgery date: 2025 March 14",
        "Date of surgery: 14/03/2025",
        "Date of procedure: Friday, March 14, 2025",
        "DATE: , March 14, 2025.,PREOPERATIVE DIAGNOSIS: , Ovarian cancer.",
        "DOS 20250314",
        "Encounter date: 14-MAR-2025",
        "ATTENDING NOTE (dictated by attending, 3/14/2025, date of surgery)",
        "The patient was operated on March 14, 2025.",
        "Joint operation of two services on March 14, 2025.",
        "Performed on 03/14/2025.",
    ],
)
def test_the_date_of_service_is_found(text: str) -> None:
    """However it is written."""
    assert dates.stated(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 03/14/1951\nDx: ovarian cancer",
        "Date of birth 3/14/1995",
        "Dictated 03/15/2025",
        "Date dictated: 03/15/2025",
        "Dictation date: 03/15/2025",
        "Transcribed: 3/16/2025",
        "D: 03/15/2025  T: 03/16/2025",
        "DD: 03/15/2025\nDT: 03/16/2025",
        "Electronically signed 03/15/2025",
        "Admission date: 03/13/2025",
        "Date of discharge: 03/20/2025",
        "CT 3/2/2025 showed a mass in the pelvis.",
        "PET on 03/02/2025: splenic lesion.",
        "She underwent a primary operation on March 3, 2019.",
        "She is status post debulking on 3/3/2019.",
        "Her last chemotherapy was on 01/12/2025.",
        "The patient was admitted to the hospital on 03/12/2025 with pain.",
        "She will follow up in the office on 04/01/2025.",
        "Seen in clinic on 3/1/2025.",
        "Consent signed 03/10/2025.",
        "CA-125 on 3/1/2025 was 88.",
        "ADDENDUM 3/21/25. Header wrong.",
        "Revised 03/2025",
        "BP 120/80, counts 10/10/2",
        "The tumor was 3.2.5 cm",
        "no date at all",
        "DATE OF OPERATION: ____",
        "DATE OF OPERATION: 13/32/2025",
        "",
    ],
)
def test_another_date_is_not_taken_for_it(text: str) -> None:
    """A birth, a dictation, a scan, an earlier operation."""
    assert dates.stated(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 01/02/1960\nDATE OF SURGERY: 03/14/2025\nDictated: 03/15/2025",
        "Dictated 03/15/2025\nTranscribed 03/16/2025\nDate of operation: March 14, 2025",
        "DATE OF OPERATION: 03/14/2025\nHISTORY: debulking on 05/06/2019; CT 02/02/2025.",
        "HISTORY: debulking on 05/06/2019. CT 02/02/2025.\nDATE OF PROCEDURE 3/14/2025",
        "Op date 3/14/25\nADDENDUM 3/21/25: final pathology.",
        "Admitted 03/13/2025. DOS: 03/14/2025. Discharged 03/19/2025.",
    ],
)
def test_the_right_one_of_several(text: str) -> None:
    """Labels decide, not the order."""
    assert dates.stated(text) == DAY


def test_a_long_text_of_digits_is_read_quickly() -> None:
    """No pattern goes quadratic."""
    assert dates.stated("1/" * 200_000) is None
    assert dates.stated("14 " * 100_000) is None
