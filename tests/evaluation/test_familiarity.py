"""When two statements have the same target, and whether a model has met it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stance.evaluation.familiarity import find_target_key, mark_seen


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"issue": "sanctions", "sender": ["USA"], "recipient": ["IRN"]}, "sanctions: USA > IRN"),
        ({"issue": "sanctions", "sender": "EU;GBR", "recipient": "RUS"}, "sanctions: EU;GBR > RUS"),
        ({"issue": "sanctions", "sender": np.array(["GBR", "EU"]), "recipient": np.array(["RUS"])}, "sanctions: EU;GBR > RUS"),
        ({"issue": "sanctions", "sender": [], "recipient": ["IRN"]}, "sanctions:  > IRN"),
        ({"issue": "sanctions", "sender": [], "recipient": [], "location": ["LBY"]}, None),
        ({"issue": "ceasefire", "location": ["LBY"], "sender": ["USA"]}, "ceasefire: LBY"),
        ({"issue": "peace_process", "location": "PRK;KOR"}, "peace_process: KOR;PRK"),
        ({"issue": "ceasefire", "location": None, "target": "truce in Freedonia"}, "ceasefire: truce in freedonia"),
        ({"issue": "peace_process", "target": "peace process"}, None),
        ({"issue": "ceasefire"}, None),
        ({"target": " Harbour Toll "}, "harbour toll"),
        ({"issue": "school uniforms"}, "school uniforms"),
        ({"issue": "arms_exports", "sender": ["NOR"], "recipient": ["KEN"], "location": []}, "arms_exports: NOR > KEN"),
        ({"issue": "cod_quotas", "sender": "", "location": "ISL"}, "cod_quotas: ISL"),
        ({"issue": "tariffs", "target": "Steel tariffs", "sender": "USA"}, "tariffs: steel tariffs"),
        ({}, None),
        ({"target": None, "issue": None, "sender": float("nan")}, None),
    ],
)
def test_a_target_is_known_by_its_parties_its_place_or_its_name(row: dict[str, Any], key: str | None) -> None:
    assert find_target_key(row) == key


def test_targets_are_seen_unseen_or_not_named() -> None:
    assert mark_seen(["ceasefire: LBY", "ceasefire: YEM", None], {"ceasefire: LBY"}) == ["seen", "unseen", "not named"]
