import importlib.util
import logging
import types

import matplotlib as mpl
import matplotlib.image
import pyarrow as pa
import pytest
from matplotlib import font_manager

from sim import store
from sim.report import fonts, gap, style
from sim.tables import SUMMARY_COLUMNS

VALUES = {
    "registered_beds": (9163, 10388), "open_beds": (7514, 8518), "bed_demand": (4150, 4350),
    "occupied": (3640, 3830), "vacant_open_beds": (3874, 4688), "expressed_gap": (420, 400),
}  # fmt: skip
DEJAVU = str(mpl.get_data_path()) + "/fonts/ttf/DejaVuSans.ttf"


@pytest.fixture
def folder(tmp_path):
    rows = [
        (
            "s",
            year,
            region,
            "银川市",
            kind,
            metric,
            "beds",
            value,
            value,
            value * 0.9,
            value,
            value * 1.1,
            19,
            1.0,
            12,
            "projected",
        )
        for metric, values in VALUES.items()
        for year, value in zip((2022, 2023), values, strict=True)
        for region, kind in (("total", "all"), ("640104", "all"), ("total", "nursing"))
    ]
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(SUMMARY_COLUMNS)})
    store.write_table(tmp_path / "summary.csv", table)
    manifest = {
        "title": {"zh": "银川市", "en": "Yinchuan"}, "notice": "2023-09-06", "n_runs": 20, "scenario": "s",
        "key": "0" * 64, "seed": 1,
    }  # fmt: skip
    store.write_manifest(store.RunFolder(tmp_path, "0" * 64), manifest)
    return tmp_path


@pytest.fixture
def bare_system(monkeypatch):
    """A machine without any Chinese font."""
    latin = [font for font in font_manager.fontManager.ttflist if font.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    monkeypatch.setattr(fonts, "_extra_file", lambda: None)


def texts(figure):
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def drawn(folder, lang):
    figure = gap.figure(store.read_table(folder / "summary.csv"), store.read_manifest(folder), lang)
    return " ".join(texts(figure))


def test_without_a_chinese_font_labels_are_english_and_one_notice_says_so(
    folder, bare_system, monkeypatch, caplog
):
    shown = []
    real = gap.figure
    monkeypatch.setattr(gap, "figure", lambda *args: shown.append(args[-1]) or real(*args))
    with caplog.at_level(logging.WARNING):
        assert gap.draw(folder, "zh") == ["no_chinese_font"]
    assert shown == ["en"]
    assert not caplog.records  # no glyph is missing, no font is looked for in vain
    picture = matplotlib.image.imread(folder / "gap.png")
    assert picture.shape[:2] == (1152, 1536)
    assert len({tuple(pixel) for pixel in picture[::7, ::7].reshape(-1, 4)}) > 20


def test_english_needs_no_font_and_gives_no_notice(folder, bare_system):
    assert gap.draw(folder, "en") == []


def test_title_is_the_finding_and_labels_stand_at_the_lines(folder):
    said = drawn(folder, "en")
    assert "End of 2023: 400 beds short where people queue, 4,688 open beds empty" in said
    assert "Registered beds\n10,388" in said
    assert "Short\n400 (360\N{EN DASH}440)" in said
    assert "reconstructed" in said
    assert "notice of 2023-09-06" in said
    assert "19 runs" in said


def test_chinese_says_the_same(folder):
    said = drawn(folder, "zh")
    assert "2023年底：排队处缺床 400 张，同时空置开放床位 4688 张" in said
    assert "重建值" in said


def test_only_the_whole_place_is_drawn(folder):
    figure = gap.figure(store.read_table(folder / "summary.csv"), store.read_manifest(folder), "en")
    assert {len(line.get_xdata()) for line in figure.axes[0].lines} == {2}


def test_time_before_the_notice_is_shaded_and_no_more(folder):
    figure = gap.figure(store.read_table(folder / "summary.csv"), store.read_manifest(folder), "en")
    shades = [
        patch
        for patch in figure.axes[1].patches
        if patch.get_facecolor()[:3] == mpl.colors.to_rgb(style.SHADE)
    ]
    assert len(shades) == 1
    assert shades[0].get_extents().transformed(figure.axes[1].transData.inverted()).x1 == pytest.approx(
        2022.679, abs=2e-3
    )


def test_labels_do_not_touch(folder):
    figure = gap.figure(store.read_table(folder / "summary.csv"), store.read_manifest(folder), "en")
    renderer = figure.canvas.get_renderer()
    boxes = [
        text.get_window_extent(renderer)
        for axes in figure.axes
        for text in axes.texts
        if isinstance(text, mpl.text.Annotation)
    ]
    assert len(boxes) == 6
    assert not [1 for at, one in enumerate(boxes) for other in boxes[at + 1 :] if one.overlaps(other)]
    assert all(box.x1 <= figure.bbox.x1 for box in boxes)


def test_run_without_a_december_has_no_chart(folder):
    empty = store.read_table(folder / "summary.csv").slice(0, 0)
    store.write_table(folder / "summary.csv", empty)
    assert gap.draw(folder, "en") == ["run_no_december"]
    assert not (folder / "gap.png").exists()


def test_font_of_the_system_comes_before_the_extra(monkeypatch):
    named = [types.SimpleNamespace(name=name) for name in ("SimHei", "Noto Sans CJK SC", "DejaVu Sans")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", named)
    monkeypatch.setattr(fonts, "_extra_file", lambda: DEJAVU)
    assert fonts.chinese_font() == "Noto Sans CJK SC"


def test_extra_is_found_without_importing_it(tmp_path, monkeypatch, bare_system):
    package = tmp_path / "made_up_fonts"
    (package / "fonts").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "fonts" / "a.ttf").symlink_to(DEJAVU)
    monkeypatch.undo()
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(fonts, "EXTRA", "made_up_fonts")
    importlib.invalidate_caches()
    added = []
    monkeypatch.setattr(font_manager.fontManager, "addfont", added.append)
    assert fonts.chinese_font() == "DejaVu Sans"
    assert added == [package / "fonts" / "a.ttf"]
    monkeypatch.setattr(fonts, "EXTRA", "no_such_package_at_all")
    assert fonts.chinese_font() is None


def test_latin_font_comes_first_so_that_minus_signs_stay():
    assert fonts.families("SimHei") == ["DejaVu Sans", "SimHei"]
    assert fonts.families(None) == ["DejaVu Sans"]
