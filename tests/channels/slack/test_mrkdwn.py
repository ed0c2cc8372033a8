"""What Slack sends is read as the person sees it."""

import time

import pytest

from agent.channels.slack.mrkdwn import written

BOT = "U0BOT"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U0BOT> dev databricks for the ml team", "dev databricks for the ml team"),
        ("owner is <mailto:ana@contoso.com|ana@contoso.com>", "owner is ana@contoso.com"),
        ("see <https://contoso.com/a?b=1&amp;c=2|the page>", "see the page (https://contoso.com/a?b=1&c=2)"),
        ("team <http://data.ai|data.ai>", "team data.ai"),
        ("in <#C012AB3CD|ml-platform> and <#C9>", "in #ml-platform and #C9"),
        ("R&amp;D, &lt;= 800 USD", "R&D, <= 800 USD"),
        ("&amp;lt; stays", "&lt; stays"),
        ("call it \u201cdbw-x\u201d, don\u2019t wait", 'call it "dbw-x", don\'t wait'),
        (":thumbsup:", "👍"),
        (":+1::skin-tone-3:", "👍"),
        ("ship it :tada: at 10:30:45 with tag a:b:c", "ship it  at 10:30:45 with tag a:b:c"),
        ("*dev* _etl_ ~prod~ for `team-x`", "dev etl prod for team-x"),
        ("Standard_DS4_v2 and 2 * 3", "Standard_DS4_v2 and 2 * 3"),
        ("```team,environment\na_b,*dev*\n```", "team,environment\na_b,*dev*"),
        ("a ` alone", "a ` alone"),
        ("&gt; dev for ml\nyes", "dev for ml\nyes"),
        ("<!here> dev for ml", "@here dev for ml"),
        ("until <!date^1392734382^{date}|Feb 18>", "until Feb 18"),
        ("ask <!subteam^S1|@platform>", "ask @platform"),
    ],
)
def test_a_text_is_read_as_it_is_seen(sent: str, read: str) -> None:
    assert written(sent, bot=BOT).text == read


def test_whom_a_text_names_is_known() -> None:
    assert written("<@U0BOT> and <@U2|ben>, <!subteam^S1>, <!channel>", bot=BOT).mentions == (
        "U0BOT",
        "U2",
        "S1",
        "!channel",
    )


@pytest.mark.parametrize("piece", ["<", "<@U1", "*a ", "`", "```", ":a", "&lt;", "_~*", "<a|b", "> "])
def test_reading_is_linear(piece: str) -> None:
    """Twenty times the text takes some twenty times as long, not four hundred times, whatever is repeated."""

    def seconds(times: int) -> float:
        text = piece * times
        least = 9.0
        for _ in range(3):
            begun = time.process_time()
            written(text)
            least = min(least, time.process_time() - begun)
        return least

    assert seconds(20_000) < max(120 * seconds(1_000), 0.2)
