"""What does the console show?"""

import io

from takeback.phones.console import ConsolePhones


def test_the_number_is_masked_and_the_code_can_be_read() -> None:
    out = io.StringIO()
    ConsolePhones(out).text("+819012345678", "1234 5678", id="a")
    assert out.getvalue() == "SMS ***5678: 1234 5678\n"
