"""Topics of titles, scopes and keywords, and what is not AI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.topics import Assignment, assigner
from sdograph.topics.scheme import broader


def topics(title: str, **more: object) -> set[str]:
    return {a.topic for a in assigner().assign(title, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        # ETSI: AI is the air interface of TETRA
        "Terrestrial Trunked Radio (TETRA); Voice plus Data (V+D); Part 2: Air Interface (AI)",
        "Digital Mobile Radio (DMR) Systems; Part 1: DMR Air Interface (AI) protocol",
        "TETRA; AI security; Part 7",
        # other AI
        "Bovine semen for artificial insemination (AI)",
        "Closed end blind rivets with break pull mandrel and protruding head - AI/AIA",
        # agents that are not AI
        "Supporting Globally Routable User Agent URI in IMS; Report and conclusions",
        "Water quality - Oxidizing agents - Security of supply",
        "Mobility management based on Mobile IPv4; User Equipment (UE) - foreign agent interface",
        # security, automation, models, learning and twins without AI
        "Security architecture and procedures for 5G System",
        "Study on Self-healing of Self-Organizing Networks (SON)",
        "Automation systems and integration - Digital twin framework for manufacturing",
        "Model parameters for the physical-statistical wideband models",
        "Intelligent transport systems - Security of ITS stations",
        "Ships and marine technology - Guardrails for cargo ships",
        "Database languages SQL - Part 15: Multidimensional arrays (SQL/MDA)",
        "Security aspects of Ambient Internet of Things (AIoT) Services in 5G",
        # AI in other words
        "Maintenance of painted details, mail and AIR",
        "",
    ],
)
def test_what_is_not_ai_gets_no_topic(title: str) -> None:
    assert topics(title) == set()


@pytest.mark.parametrize(
    "title, expected",
    [
        ("Artificial Intelligence (AI)/Machine Learning (ML) for NR air interface", {"ai-air-interface"}),
        ("Study on poisoning of data used in machine learning", {"data-poisoning"}),
        ("Prompt-injection attacks on LLMs", {"prompt-injection", "large-language-model", "llm-security"}),
        ("Membership inference and model inversion", {"membership-inference", "model-inversion"}),
        ("Anomaly detection based on machine learning", {"anomaly-detection"}),
        ("Use of AI for cybersecurity", {"ai-for-security"}),
        ("Federated learning and differential privacy", {"federated-learning", "differential-privacy"}),
        ("XAI", {"explainability"}),
        ("Security for NWDAF", {"network-data-analytics", "securing-network-ai"}),
        ("AI-BOM for GenAI", {"ai-bom", "generative-ai"}),
        ("Study on MTLF and AnLF", {"network-data-analytics"}),
        ("Authorization of AI agents", {"agent-identity"}),
        ("EU AI Act: high-risk AI systems", {"ai-regulation"}),
        ("Overview of artificial intelligence", {"ai-foundations"}),
    ],
)
def test_topics_by_title(title: str, expected: set[str]) -> None:
    assert topics(title) == expected


def test_works_that_overlap_share_a_topic() -> None:
    """The question behind the program: SAI-014 of ETSI and the studies of 3GPP on the security of AI/ML."""
    titles = [
        "Security aspects of using AI/ML techniques in telecom sector",
        "Study on Security and Privacy of AI/ML-based Services and Applications in 5G",
        "Study on the security aspects of Artificial Intelligence (AI)/Machine Learning (ML) for the NG-RAN",
        "Study on security aspects of enablers for Network Automation (eNA) for the 5G system (5GS) Phase 2",
    ]
    assert all("securing-network-ai" in topics(title) for title in titles)


@pytest.mark.parametrize(
    "title",
    [
        "SECURITY TESTING OF ARTIFICIAL INTELLIGENCE",
        "security-testing of artificial-intelligence",
        "Security  Testing of\nArtificiaI Intelligence",
        "Security‐testing of artificial intelligence",
        "Security tests of Artificial_Intelligence",
    ],
)
def test_case_and_hyphens_do_not_matter(title: str) -> None:
    assert topics(title) == {"ai-security-testing"}


def test_a_topic_says_why() -> None:
    (made,) = assigner().assign(
        "Securing ArtificiaI Intelligence (SAI); The role of hardware in security of AI"
    )
    assert made == Assignment(
        topic="ai-hardware-security",
        confidence=0.9,
        matched=(("ArtificiaI Intelligence", "title"), ("security", "title"), ("hardware", "title")),
        rule="words for ai, security, hardware",
    )


def test_broader_topics_are_left_to_queries() -> None:
    assert topics("Security of AI: data poisoning") == {"data-poisoning", "securing-ai"}
    assert topics("AI threats: data poisoning") == {"data-poisoning"}


def test_the_scope_adds_topics_less_surely() -> None:
    scope = "Describes robustness against evasion attacks on AI models. Further work is out of scope."
    made = {a.topic: a for a in assigner().assign("Guidance for AI systems", scope=scope)}
    assert made.keys() == {"robustness", "evasion-attack"}
    assert made["evasion-attack"].matched == (("evasion attacks", "scope"),)
    assert made["evasion-attack"].confidence == 0.76


def test_words_far_apart_in_a_scope_make_no_topic() -> None:
    together = "Security testing of AI."
    apart = "Tests of the security of doors. The office uses AI."
    assert "ai-security-testing" in topics("Annex", scope=together)
    assert topics("Annex", scope=apart) <= {"ai-foundations"}


def test_the_title_gives_the_context_of_a_sentence() -> None:
    assert topics("Machine learning in IMT-2020", scope="It covers poisoning.") >= {"data-poisoning"}
    assert topics("Drinking water", scope="It covers poisoning.") == set()


def test_a_broader_topic_of_the_title_is_kept_beside_a_narrower_one_of_the_scope() -> None:
    assert topics("Security of AI", scope="Security testing of AI is included.") == {
        "securing-ai",
        "ai-security-testing",
    }


def test_the_order_of_keywords_does_not_matter() -> None:
    words = ["prompt injection", "jailbreak of AI", "federated learning", "AI"]
    forwards = assigner().assign("Study", keywords=words)
    assert forwards == assigner().assign("Study", keywords=words[::-1])
    assert {a.topic for a in forwards} == {"prompt-injection", "jailbreak", "federated-learning"}
    assert {field for a in forwards for _, field in a.matched} == {"keywords"}


SOME = (
    "AI ML agent security of for learning machine artificial intelligence data NWDAF TETRA 5G FL network ; ,"
)
WORDS = st.sampled_from(SOME.split())
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join))


@given(title=TEXTS, scope=TEXTS, keywords=st.lists(TEXTS, max_size=3))
def test_any_text_gets_topics_that_exist_the_same_each_time(
    title: str, scope: str, keywords: list[str]
) -> None:
    made = assigner().assign(title, scope=scope, keywords=keywords)
    assert made == assigner().assign(title, scope=scope, keywords=reversed(keywords))
    assert len({a.topic for a in made}) == len(made)
    for one in made:
        assert one.topic in broader()
        assert 0 < one.confidence <= 1
        assert one.matched
        assert all(field in {"title", "scope", "keywords"} and words for words, field in one.matched)
    in_title = {a.topic for a in made if all(field == "title" for _, field in a.matched)}
    assert not any(broader()[topic] & in_title for topic in in_title)
