from __future__ import annotations

import pytest


@pytest.mark.parametrize(("asked", "kept"), [("en", "en"), ("zh-hans", "zh-hans")])
def test_a_visitor_chooses_the_language_and_stays_on_the_page(gallery, asked, kept):
    answer = gallery.post("/language/", {"language": asked, "next": "/members/?q=王"})

    assert (answer.status_code, answer.url) == (302, "/members/?q=%E7%8E%8B")
    assert gallery.cookies["django_language"].value == kept


@pytest.mark.parametrize("asked", ["fr", "", "../etc", "<script>"])
def test_a_language_that_is_not_spoken_changes_nothing(gallery, asked):
    assert gallery.post("/language/", {"language": asked}).status_code == 302
    assert "django_language" not in gallery.cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(gallery, target):
    assert gallery.post("/text-size/", {"large": "1", "next": target}).url == "/"


def test_large_text_is_kept_without_javascript(gallery):
    assert 'class="large-text"' not in gallery.get("/verdict/").content.decode()

    gallery.post("/text-size/", {"large": "1", "next": "/"})
    assert 'class="large-text"' in gallery.get("/verdict/").content.decode()

    gallery.post("/text-size/", {"large": "0", "next": "/"})
    assert 'class="large-text"' not in gallery.get("/verdict/").content.decode()


def test_the_page_speaks_the_chosen_language(gallery):
    assert "主菜单" in gallery.get("/verdict/").content.decode()

    gallery.post("/language/", {"language": "en", "next": "/"})
    html = gallery.get("/verdict/").content.decode()

    assert "Main menu" in html
    assert '<html lang="en"' in html


@pytest.mark.parametrize("path", ["/language/", "/text-size/"])
def test_choosing_is_posting(gallery, path):
    assert gallery.get(path).status_code == 405
