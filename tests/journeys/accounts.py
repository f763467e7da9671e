"""Getting an account in a journey."""

import re


def sign_up(visitor, demo, address):
    """An account by a code from one's e-mail, on the way to something that needs one."""
    main = visitor.page.get_by_role("main")
    visitor.press(main.get_by_role("link", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("email", re.IGNORECASE)), address)
    visitor.press(main.get_by_role("button", name=re.compile("sign up", re.IGNORECASE)))
    visitor.write(main.get_by_label(re.compile("code", re.IGNORECASE)), demo.mailed_code(address))
    visitor.press(main.get_by_role("button").first)
