"""Is the video service a service? What its pages let a customer do, and what nobody talks it into."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from examples.video.customer import VideoCustomer

from .contract import PASSWORD, Subject


@pytest.fixture
def subject(a_video: Any) -> Any:
    made = a_video()
    yield made
    made.leave()


@pytest.fixture
def browser(subject: Any) -> VideoCustomer:
    signed_in: VideoCustomer = subject.sign_in(PASSWORD)
    return signed_in


def told(subject: Subject, kind: str) -> list[dict[str, Any]]:
    return [event["data"] for event in subject.told() if event["type"] == kind]


def test_nobody_watches_without_signing_in(subject: Any) -> None:
    assert not subject.browser().watch()


def test_the_film_plays_in_japanese(browser: VideoCustomer) -> None:
    page = httpx.get(f"{browser.base_url}/watch", cookies={"video_session": browser.session_cookie})
    assert "再生中" in page.text
    assert 'lang="ja"' in page.text


def test_a_copied_session_cookie_works_until_sign_out_and_never_after(subject: Any, browser: VideoCustomer) -> None:
    thief = subject.browser()
    thief.session_cookie = browser.session_cookie
    assert thief.watch()
    browser.sign_out()
    assert not thief.watch()


def test_a_sign_in_is_told_with_where_it_came_from(subject: Any, browser: VideoCustomer) -> None:
    [data] = told(subject, "account.signed_in")
    client = data["client"]
    assert (client["ip"], client["country"], client["asn"]) == ("203.0.113.7", "JP", "2516")
    assert client["session"] not in browser.session_cookie
    assert client["device"]


def test_one_browser_is_one_device_and_each_sign_in_a_session_of_its_own(subject: Any, browser: VideoCustomer) -> None:
    browser.sign_out()
    browser.sign_in(subject.email, PASSWORD)
    first, second = [data["client"] for data in told(subject, "account.signed_in")]
    assert first["device"] == second["device"]
    assert first["session"] != second["session"]


def test_a_failed_sign_in_comes_from_the_same_device_as_the_next_that_succeeds(subject: Any) -> None:
    browser = subject.browser()
    browser.sign_in(subject.email, "not her password")
    browser.sign_in(subject.email, PASSWORD)
    [failed], [succeeded] = told(subject, "account.sign_in_failed"), told(subject, "account.signed_in")
    assert failed["client"]["device"] == succeeded["client"]["device"]
    assert failed["reason"] == "password"


def test_the_same_words_for_an_unknown_address_a_wrong_password_and_a_frozen_account(subject: Any) -> None:
    def words(email: str, password: str) -> tuple[int, str]:
        answer = httpx.post(f"{subject.video.url}/sign-in", data={"email": email, "password": password})
        return answer.status_code, answer.text

    unknown, wrong = words("nobody@example.jp", PASSWORD), words(subject.email, "not her password")
    subject.do("freeze")
    assert unknown == wrong == words(subject.email, PASSWORD)


def test_a_television_set_is_told_when_it_first_plays(subject: Any, browser: VideoCustomer) -> None:
    token = browser.register_tv("居間のテレビ")
    assert browser.watch_with_token(token)
    assert browser.watch_with_token(token)
    [added] = told(subject, "account.item_added")
    played = [data for data in told(subject, "account.signed_in") if data["method"] == "token"]
    assert [data["credential"] for data in played] == [added["id"]]
    assert token not in str(subject.told())


def test_a_removed_television_set_does_not_play(subject: Any, browser: VideoCustomer) -> None:
    token = browser.register_tv("居間のテレビ")
    [item_id] = subject.now().collections["api_tokens"]
    assert browser.remove("api_tokens", item_id)
    assert not browser.watch_with_token(token)


def test_a_link_signs_in_once(subject: Any, browser: VideoCustomer) -> None:
    link, other = browser.make_link(), subject.browser()
    assert other.use_link(link)
    assert other.watch()
    assert not subject.browser().use_link(link)


def test_the_password_is_not_changed_without_the_present_one(subject: Any, browser: VideoCustomer) -> None:
    assert not browser.change_password("a guess at it", "another password")
    assert browser.change_password(PASSWORD, "another password")
    assert subject.sign_in("another password") is not None


def test_a_field_that_is_wrong_changes_none(subject: Any, browser: VideoCustomer) -> None:
    assert not browser.change(name="別の名前", email="no address")
    assert subject.now().fields["name"] == "佐藤花子"


def test_the_address_of_another_customer_is_refused(a_video: Any, subject: Any, browser: VideoCustomer) -> None:
    assert not browser.change(email=a_video().email)
    answer = subject.do("set_field", field="email", value=a_video().email)
    assert answer.reason == "email.taken"


def test_a_form_of_another_site_does_nothing(subject: Any, browser: VideoCustomer) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = httpx.post(
            f"{subject.video.url}/account/fields",
            data={"name": "別の名前"},
            cookies={"video_session": browser.session_cookie},
            headers=headers,
        )
        assert answer.status_code == 403
    assert subject.now().fields["name"] == "佐藤花子"


def test_the_demo_clock_dates_what_happens(subject: Any) -> None:
    browser = subject.browser().at(datetime(2025, 4, 1, 9, tzinfo=UTC))
    assert browser.sign_in(subject.email, PASSWORD)
    [event] = [event for event in subject.told() if event["type"] == "account.signed_in"]
    assert event["time"] == "2025-04-01T09:00:00+00:00"


def test_a_demo_clock_that_is_no_time_is_refused(subject: Any) -> None:
    for clock in ("yesterday", "2025-04-01T09:00:00"):
        answer = httpx.get(f"{subject.video.url}/watch", headers={"X-Demo-Clock": clock})
        assert answer.status_code == 400


def test_a_session_ends_with_its_time(subject: Any) -> None:
    browser = subject.browser().at(datetime(2025, 4, 1, tzinfo=UTC))
    browser.sign_in(subject.email, PASSWORD)
    assert browser.at(datetime(2025, 4, 30, tzinfo=UTC)).watch()
    assert not browser.at(datetime(2025, 5, 2, tzinfo=UTC)).watch()


def test_a_trusted_device_stays_signed_in_for_longer(subject: Any) -> None:
    browser = subject.browser().at(datetime(2025, 4, 1, tzinfo=UTC))
    browser.sign_in(subject.email, PASSWORD, trust=True)
    assert browser.at(datetime(2026, 4, 1, tzinfo=UTC)).watch()
    [item] = subject.now().collections["trusted_devices"]
    subject.do("remove_item", collection="trusted_devices", id=item)
    browser.at(datetime(2026, 4, 2, tzinfo=UTC)).sign_in(subject.email, PASSWORD)
    assert not browser.at(datetime(2026, 6, 1, tzinfo=UTC)).watch()


def test_pages_forbid_scripts_and_frames(subject: Any) -> None:
    headers = httpx.get(f"{subject.video.url}/sign-in").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
