"""`prunebase new`: a file that is filled in as far as can be, and never in the way of another."""

from __future__ import annotations

import pytest
import yaml

from corpus.checks.check import check_papers
from corpus.checks.duplicates import Imprint, same_paper
from corpus.contribute.bibtex import Bibliography, free_key, from_bibtex, keys_for, known_venue
from corpus.schema.reader import CorpusError

ARXIV = """@misc{birch2021pruning,
      title={Pruning of {M}any Small Things: {\\"U}ber {\\&} Under},
      author={Birch, Ada and {\\'E}mile D{\\"u}nn and others},
      year={2021},
      eprint={2101.01234},
      archivePrefix={arXiv},
      primaryClass={cs.LG},
      url={https://arxiv.org/abs/2101.01234},
}
"""


def test_the_bibliography_is_filled_in(copy, prunebase):
    """From what arXiv exports come title, authors, venue, the month of the first version, id and link."""
    code, out, _ = _new(prunebase, copy)
    assert (code, out) == (0, "corpus/papers/birch2021pruning.yaml\n")
    text = (copy / "papers" / "birch2021pruning.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n")
    assert yaml.safe_load(text) == {
        "title": "Pruning of Many Small Things: Über & Under",
        "authors": ["Ada Birch", "Émile Dünn"],
        "venue": "arXiv",
        "date": "2021-01",
        "arxiv": "2101.01234",
        "url": "https://arxiv.org/abs/2101.01234",
    }


def _new(prunebase, copy, *more: str, entry: str = ARXIV):
    (copy.parent / "paper.bib").write_text(entry, encoding="utf-8")
    return prunebase("new", "--bibtex", "paper.bib", *more)


def test_standard_input_and_flags(copy, prunebase):
    """`--arxiv-bibtex -` reads standard input; flags win over the entry; methods and comparisons are written."""
    code, out, _ = prunebase(
        *("new", "--arxiv-bibtex", "-", "--venue", "ICLR", "--date", "2021-05", "--key", "birch2021small"),
        *("--method", "many: name=Many, structure=filter", "--compares-to", "li2016pruning"),
        typed=ARXIV,
    )
    assert (code, out) == (0, "corpus/papers/birch2021small.yaml\n")
    written = yaml.safe_load((copy / "papers" / "birch2021small.yaml").read_text(encoding="utf-8"))
    assert (written["venue"], written["date"], written["compares_to"]) == (
        "ICLR",
        "2021-05",
        ["li2016pruning"],
    )
    assert written["methods"] == {"many": {"name": "Many", "structure": "filter"}}


def test_the_only_thing_missing_is_results(copy, prunebase):
    """A check of the fresh file asks for results and for nothing else."""
    _new(prunebase, copy)
    report = check_papers(copy, files=[copy / "papers" / "birch2021pruning.yaml"])
    assert [found.message.partition(" (")[0] for found in report.errors] == ["missing key 'results'"]


def test_the_commented_skeleton_is_a_right_file(copy, prunebase):
    """Uncommented, the skeleton passes the check: its choices are those of the schema and of the vocabulary."""
    _new(prunebase, copy)
    path = copy / "papers" / "birch2021pruning.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = ("# methods:", "#   short-name:", "#     ", "# results:", "#   - ", "# compares_to:")
    path.write_text(
        "\n".join(line[2:] if line.startswith(keys) else line for line in lines), encoding="utf-8"
    )
    report = check_papers(copy, files=[path])
    assert report.errors == []
    assert report.counts["papers"] == len(list((copy / "papers").glob("*.yaml")))


def test_a_second_time_is_refused(copy, prunebase):
    """The same paper is refused, with the file and line where it stands; nothing is written over."""
    _new(prunebase, copy)
    before = (copy / "papers" / "birch2021pruning.yaml").read_bytes()
    code, out, err = _new(prunebase, copy, "--key", "birch2021other")
    assert (code, out) == (1, "")
    assert err.startswith(
        "corpus/papers/birch2021pruning.yaml:6:8: this paper is in the corpus already (same arXiv id"
    )
    assert (copy / "papers" / "birch2021pruning.yaml").read_bytes() == before
    assert not (copy / "papers" / "birch2021other.yaml").exists()


@pytest.mark.usefixtures("copy")
def test_a_key_that_is_taken_is_refused_with_a_free_one(prunebase):
    """Another paper of the same surname, year and word gets the next word of its title as a suggestion."""
    words = (
        "new",
        "--title",
        "Pruning hedges in spring",
        "--author",
        "Hao Li",
        "--venue",
        "ICLR",
        "--date",
        "2016-04",
    )
    code, out, err = prunebase(*words)
    assert (code, out) == (1, "")
    assert err == (
        "corpus/papers/li2016pruning.yaml:1:1: exists already and is another paper; nothing was written; "
        "free is: --key li2016hedges\n"
    )
    assert prunebase(*words, "--key", "li2016hedges")[0] == 0


@pytest.mark.parametrize(
    ("imprint", "because"),
    [
        (Imprint("Something else entirely", "1608.08710"), "same arXiv id"),
        (Imprint("Something else", None, "10.48550/arXiv.1608.08710"), "same DOI"),
        (Imprint("PRUNING FILTERS, for Efficient Convnets."), "same title"),
        (Imprint("Pruning the filters for efficient convnets"), "nearly the same title"),
        (Imprint("Pruning neurons for efficient speech"), None),
        (Imprint("Something else", "1608.08711"), None),
    ],
)
def test_a_paper_is_known_by_id_or_title(imprint, because):
    """arXiv id, DOI (arXiv's own included) and title, whatever its case and punctuation, each give a paper away."""
    known = Imprint("Pruning filters for efficient convnets", "1608.08710")
    match = same_paper(imprint, known)
    assert (match and match.because.partition(" 1")[0].partition(" 10")[0].partition(":")[0]) == because


@pytest.mark.usefixtures("copy")
def test_nearly_the_same_title_can_be_another_paper(prunebase):
    """A title of nearly the same words is refused, unless it is said to be another paper."""
    words = (
        "--title",
        "Pruning the filters for efficient convnets",
        "--author",
        "A Fir",
        "--venue",
        "ICLR",
    )
    code, _, err = prunebase("new", *words, "--date", "2020-01")
    assert code == 1
    assert "--another-paper" in err
    assert prunebase("new", *words, "--date", "2020-01", "--another-paper")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "title: neither the BibTeX entry nor a flag gives it; add --title"),
        (("--title", "x", "--author", "A B", "--date", "2020"), "venue: neither"),
        (("--bibtex", "nowhere.bib"), "nowhere.bib"),
        (("--bibtex", "two.bib"), "two.bib:1:1: found a, b; expected the one BibTeX entry"),
        (("--bibtex", "broken.bib"), "broken.bib:1:1: cannot be read as BibTeX"),
        (("--bibtex", "paper.bib", "--key", "Birch"), "--key: 'Birch' is not a paper key"),
        (("--bibtex", "paper.bib", "--key", "../../x2020y"), "is not a paper key"),
        (("--bibtex", "paper.bib", "--compares-to", "li2016prunning"), "did you mean 'li2016pruning'?"),
        (("--bibtex", "paper.bib", "--method", "x: structure=filters"), "did you mean 'filter'?"),
        (("--bibtex", "paper.bib", "--method", "x: structur=filter"), "did you mean 'structure'?"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(copy, prunebase, words, said):
    """Whatever is missing or wrong gives one line and no file."""
    folder = copy.parent
    (folder / "paper.bib").write_text(ARXIV, encoding="utf-8")
    (folder / "two.bib").write_text("@misc{a, title={A}}\n@misc{b, title={B}}", encoding="utf-8")
    (folder / "broken.bib").write_text("@misc{a, title={A", encoding="utf-8")
    before = sorted(copy.rglob("*"))
    code, out, err = prunebase("new", *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert said in err
    assert sorted(copy.rglob("*")) == before


@pytest.mark.parametrize(
    ("printed", "known"),
    [
        ("International Conference on Learning Representations", "ICLR"),
        (
            "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)",
            "CVPR",
        ),
        ("Advances in Neural Information Processing Systems 32", "NIPS"),
        ("CVPR Workshops", "CVPR Workshops"),
        ("ICML Workshop on Efficient Learning", None),
        ("arXiv preprint arXiv:1608.08710", "arXiv"),
        ("neurips", "NIPS"),
    ],
)
def test_a_venue_is_known_by_its_names_and_never_guessed(everything, printed, known):
    """Full names and aliases are found in what BibTeX prints; a workshop is not its conference."""
    assert known_venue(printed, everything.names) == known


def test_dates_and_ids_of_an_entry():
    """A published version keeps its month and year; the arXiv id is found wherever the entry holds it."""
    entry = "@article{a, title={T}, author={A B}, journal={arXiv preprint arXiv:1608.08710}, year={2018}}"
    assert (from_bibtex(entry, "a").arxiv, from_bibtex(entry, "a").date) == ("1608.08710", "2016-08")
    entry = (
        "@inproceedings{a, title={T}, author={A B}, booktitle={ICML}, month=jul, year={2018}, doi={10.1/x}}"
    )
    assert (from_bibtex(entry, "a").date, from_bibtex(entry, "a").doi) == ("2018-07", "10.1/x")
    with pytest.raises(CorpusError, match="found no entry"):
        from_bibtex("", "a.bib")


def test_keys_are_those_of_the_corpus(everything):
    """For most papers of the corpus the key suggested from author, title and year in the key is their own."""
    right = sum(
        key == next(keys_for(Bibliography(paper.written.title, paper.written.authors, "x", key_year(key))))
        for key, paper in everything.papers.items()
    )
    assert right >= 0.8 * len(everything.papers)
    assert free_key(Bibliography("A b", ("C D",), "x", "2020"), {"d2020b"}) == "d2020bb"


def key_year(key: str) -> str:
    return "".join(letter for letter in key if letter.isdigit())[:4]
