"""Pictures of workspaces: what they show, in which words, and that they are safe to put into any page."""

import re
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from plugins.decide import decide
from plugins.deploy.diagram import diagram
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.platform_settings import BringYourOwn, PlatformSettings
from plugins.domain.request import InfrastructureRequest

OWN = PlatformSettings(
    bring_your_own=BringYourOwn(
        virtual_network_id="/subscriptions/0/resourceGroups/net/providers/x/virtualNetworks/vnet-hub",
        host_subnet="dbx-host",
        container_subnet="dbx-container",
        endpoint_subnet_id="/subscriptions/0/endpoints",
        private_dns_zone_id="/subscriptions/0/zone",
    )
)
CASES: dict[str, tuple[PlatformSettings, dict[str, object]]] = {
    "dev_public": (PlatformSettings(), {"workload_type": "machine_learning"}),
    "dev_gpu_single_node": (PlatformSettings(), {"enable_gpu": True, "min_workers": 0, "max_workers": 0}),
    "staging_vnet_autoscale": (
        PlatformSettings(),
        {"environment": "staging", "min_workers": 2, "max_workers": 8, "photon": True},
    ),
    "prod_private_link": (PlatformSettings(), {"environment": "prod", "network": "private_link", "max_workers": 40}),
    "bring_your_own": (OWN, {"environment": "prod", "network": "private_link"}),
}


def decided(case: str) -> InfrastructureDecision:
    platform, fields = CASES[case]
    ground = {"team": "ml", "environment": "dev", "workload_type": "data_engineering"}
    request = InfrastructureRequest.model_validate({**ground, **fields})
    return decide(request, platform, identity="dep_1", today=date(2026, 11, 24))


def texts(svg: str) -> list[str]:
    """Every label, title and description of a picture."""
    return [found.text for found in ET.fromstring(svg).iter() if found.text]  # noqa: S314 - our own


@pytest.mark.parametrize("case", CASES)
def test_the_picture_of_a_case(case: str, golden: Callable[[str, str], None]) -> None:
    svg = diagram(decided(case))
    golden(f"diagrams/{case}.svg", svg.replace("><", ">\n<") + "\n")


def test_a_picture_says_in_words_what_it_shows() -> None:
    """A screen reader is given the title and the description; they leave nothing out."""
    title, description, *labels = texts(diagram(decided("prod_private_link")))
    assert title == "Architecture of dbw-ml-prod, as planned"
    for part in (
        "private endpoints: UI and API, sign-in",
        "NAT gateway",
        "Log Analytics",
        "firewall",
        "Budget 3,000 USD",
    ):
        assert part in description
    assert {"Endpoint: UI and API", "Endpoint: sign-in", "private link", "Log Analytics"} <= set(labels)


def test_what_is_destroyed_is_said_to_be() -> None:
    svg = diagram(decided("dev_public"), "destroy")
    assert texts(svg)[0] == "Architecture of dbw-ml-dev, to be destroyed"
    assert 'stroke="#c62828"' in svg


def test_workers_are_drawn_one_by_one_and_many_are_counted() -> None:
    few = diagram(decided("staging_vnet_autoscale"))
    assert (few.count('rx="3"/>'), few.count('rx="3" stroke-dasharray')) == (3, 6), (
        "driver and 2 run always, 6 may stop"
    )
    assert "+30" in texts(diagram(decided("prod_private_link")))


def test_a_picture_fits_any_page() -> None:
    """No identifier to collide, no script, no style, nothing loaded from anywhere; letters in the page's colour."""
    for case in CASES:
        svg = diagram(decided(case))
        assert not re.search(r"\b(id|style|class|href|on\w+)=|<style|<script|url\(", svg)
        assert re.findall(r"https?://\S+", svg) == ['http://www.w3.org/2000/svg"']
        assert set(re.findall(r'<text [^>]*fill="(\w+)"', svg)) == {"currentColor"}


def test_names_are_shown_as_text_whatever_they_hold() -> None:
    hostile = decided("dev_public").model_copy(
        update={"workspace_name": "<script>alert(1)</script>&", "cluster_name": '"><img src=x onerror=alert(1)>'}
    )
    svg = diagram(hostile)
    assert "<script" not in svg
    assert "<img" not in svg
    assert "<script>alert(1)</script>&" in texts(svg)


def test_a_long_name_is_cut_in_its_box_and_whole_in_the_description() -> None:
    long = decided("dev_public").model_copy(update={"resource_group_name": "rg-" + "x" * 87})
    labels = texts(diagram(long))
    assert f"Resource group rg-{'x' * 47}…" in labels
    assert "rg-" + "x" * 87 in labels[1]
