# ruff: noqa: RUF001 - legal forms in Cyrillic look like Latin letters
"""Legal forms: which words at the ends of a company name say what it is, not who it is.

Compiled by hand from the forms in public registers. A form is a tuple of folded words; its class
is what two spellings of the same form have in common ("gmbh", "gesellschaft mit ...").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_CLASSES: dict[str, str] = {
    "LTD": "ltd, limited, ltd liability co, ltd company, limited company, co ltd, co limited, "
    "company ltd, company limited, coltd, corp ltd, limited liability partnership ltd, "
    "pty ltd, pty limited, proprietary limited, proprietary ltd, pty, pte ltd, pte limited, pte, "
    "private limited, private ltd, pvt ltd, pvt limited, pvt, p ltd, unlimited, "
    "sdn bhd, sendirian berhad, ltda, limitada, limitee, ltee, sociedade limitada, eireli, "
    "lda, sociedad limitada, teo, teoranta, cyfyngedig, cyf",
    "PLC": "plc, public limited company, public limited co, public ltd co, public company limited, "
    "pcl, ccc, berhad, bhd, tbk, persero, persero tbk, cpt",
    "INC": "inc, incorporated, corp, corporation, incorporation, corp inc, inc corp, cor, incorp",
    "CO": "co, company, cie, compagnie, and co, and company, et cie, und co, y cia, e cia, and cie, "
    "cia, compania, companies, und cie, and sons co",
    "LLC": "llc, limited liability company, limited liability co, ltd liability company, ll, lc, "
    "pllc, professional limited liability company, limited liability corporation, "
    "llc lp, slr, pbllc",
    "LLP": "llp, limited liability partnership, pllp, lllp",
    "LP": "lp, limited partnership, scs, ks, kommanditgesellschaft, kg, ohg, offene handelsgesellschaft, "
    "co kg, and co kg, gmbh and co kg, gmbh co kg, ag and co kg, se and co kg, ug and co kg, kgaa, "
    "ag and co kgaa, gmbh and co kgaa, se and co kgaa, co kgaa, gmbh and co ohg, "
    "commanditaire vennootschap, general partnership, partnership, sp j, sp k, spk, kb, ky, "
    "handelsbolag, hb, vof, snc, sas di",
    "PC": "pc, professional corporation, professional corp, pa, professional association, apc, "
    "psc, pbc, public benefit corporation, dpc, cpa pc, md pa, md pc, sc, chartered, chtd",
    "GMBH": "gmbh, gesellschaft mit beschrankter haftung, gesellschaft mit beschraenkter haftung, "
    "ges mbh, gesmbh, gesellschaft mbh, mbh, ggmbh, gemeinnutzige gmbh, ug, "
    "ug haftungsbeschrankt, ug haftungsbeschraenkt, haftungsbeschrankt, haftungsbeschraenkt, "
    "unternehmergesellschaft, unternehmergesellschaft haftungsbeschrankt, sarl, "
    "societe a responsabilite limitee, srl, societa a responsabilita limitata, "
    "srl unipersonale, sociedad de responsabilidad limitada, s de rl, s de rl de cv, "
    "sociedad de responsabilidad limitada de capital variable, sl, slu, sociedad limitada unipersonal, "
    "eurl, selarl, bv, besloten vennootschap, bvba, sprl, bvba sprl, sp zoo, sp z oo, spzoo, "
    "sp z o o, spolka z oo, spolka z ograniczona odpowiedzialnoscia, "
    "spolka z ograniczona odpowiedzialnoscia spolka komandytowa, sro, spol sro, "
    "spol s ro, spolecnost s rucenim omezenym, kft, korlatolt felelossegu tarsasag, doo, ood, eood, "
    "uab, sia, ou, osauhing, aps, anpartsselskab, as pr, oy, osakeyhtio, ab oy, oy ab, "
    "ehf, sarlu, lda unipessoal, unipessoal lda, sociedade unipessoal lda, epe, ike",
    "AG": "ag, aktiengesellschaft, ag und co, se, societas europaea, sa, societe anonyme, "
    "sociedad anonima, sociedade anonima, sociedad anonima de capital variable, sa de cv, sab de cv, "
    "sapi de cv, sapib de cv, de cv, sab, saa, sac, sociedad anonima cerrada, sociedad anonima abierta, sas, "
    "societe par actions simplifiee, sasu, sociedad por acciones simplificada, "
    "spa, societa per azioni, societe par actions, sociedad por acciones, nv, "
    "naamloze vennootschap, sa nv, nv sa, ab, aktiebolag, ab publ, publ, aktiebolaget publ, "
    "aktiebolag publ, as, asa, aksjeselskap, allmennaksjeselskap, aktieselskab, "
    "oyj, julkinen osakeyhtio, abp, hf, akciova spolecnost, spolka akcyjna, psa, nyrt, zrt, rt, "
    "dd, ad, ead, ae, anonymi etaireia, anonim sirketi, anonim sirket, anonim ortakligi, "
    "limited sirketi, ltd sti, ltd sirketi, limited sti, sti, sanayi ve ticaret as, "
    "san ve tic as, san ve tic ltd sti, sanayi ve ticaret limited sirketi, "
    "sanayi ve ticaret anonim sirketi, ticaret anonim sirketi, ve ticaret as, "
    "gmbh ag, kk, kabushiki kaisha, kabushiki gaisha, godo kaisha, gk, yugen kaisha, yk, "
    "tov, prat, pat, at, ojsc, oao, zao, pao, ooo, jsc, pjsc, cjsc, ao, "
    "open joint stock company, closed joint stock company, public joint stock company, "
    "joint stock company, joint stock co, open joint stock co, closed joint stock co, "
    "private joint stock company, pjsc jsc, shareholding company, stock company, psjc, "
    "sal, saog, saoc, pjs, qsc, qpsc, qpjsc, ksc, kscp, kscc, bsc, wll, fze, fz llc, fzco, "
    "fz co, dmcc, llc fz, est, establishment, sae, eshpk, shpk, sha, jv, joint venture",
    "OTHER": "cic, community interest company, coop, cooperative, eg, eingetragene genossenschaft, "
    "ev, eingetragener verein, gbr, ek, e k, ek inh, einzelunternehmen, mbb, partg, partgmbb, partg mbb, "
    "asbl, vzw, ivzw, aisbl, gie, geie, scop, sca, scrl, cvba, cv, "
    "na, national association, fsb, nfp, npo, non profit, nonprofit, rf, ong, gte ltd, lbg, "
    "company limited by guarantee, sole proprietor, sole proprietorship, scarl, sca rl, "
    "societa cooperativa, soc coop, soc coop arl, arl, a rl, ooo nko, fup, gup, mup, fgup, "
    "federal state unitary enterprise, unitary enterprise, private unitary enterprise, "
    "oy ltd, oyj abp, gmbh llc, trading co, general trading llc, partners llp, "
    "dac, designated activity company, uc, clg, ulc, scc, sec, senc, sencrl, gp, tm",
}

_LEADING = (
    "the, ooo, oao, zao, pao, ao, tov, pjsc, jsc, ojsc, cjsc, llc, pt, cv, ud, firma, fa, "
    "open joint stock company, closed joint stock company, public joint stock company, "
    "joint stock company, limited liability company, private joint stock company, "
    "societe anonyme, aktiebolaget, ab, kk, gk, yk, oy, as, spol, sarl, sas, eurl, srl, snc, scea, gaec, ets, "
    "etablissements, state unitary enterprise, federal state unitary enterprise, fgup, messrs, "
    "uab, sia, shpk, tdv, chp, prat, pat, dp, kompaniya"
)

_NATIVE: dict[str, str] = {
    "株式会社": " kk ",
    "株式會社": " kk ",
    "合同会社": " gk ",
    "有限会社": " yk ",
    "股份有限公司": " co ltd ",
    "有限責任公司": " co ltd ",
    "有限责任公司": " co ltd ",
    "集团有限公司": " group co ltd ",
    "集團有限公司": " group co ltd ",
    "有限公司": " co ltd ",
    "주식회사": " kk ",
    "유한회사": " yk ",
    "ооо": " ooo ",
    "оао": " oao ",
    "зао": " zao ",
    "пао": " pao ",
    "тов": " tov ",
    "ао": " ao ",
    'בע"מ': " ltd ",
    "בע״מ": " ltd ",
    "ش.م.م": " llc ",
    "ش.م.ع": " pjsc ",
    "ذ.م.م": " llc ",
    "ش.م.ل": " sal ",
    "บริษัท": " ",
    "จำกัด": " ltd ",
    "(มหาชน)": " plc ",
    "㈱": " kk ",
    "㈲": " yk ",
}
_CYRILLIC = frozenset(("ооо", "оао", "зао", "пао", "тов", "ао"))

GLUED = (
    "GmbH",
    "AG",
    "SE",
    "SA",
    "Ltd",
    "Inc",
    "LLC",
    "KG",
    "NV",
    "BV",
    "AB",
    "PLC",
    "Corp",
    "SpA",
)


def _split(text: str) -> Iterator[tuple[str, ...]]:
    return (tuple(form.split()) for form in text.split(", "))


ENDINGS: dict[tuple[str, ...], str] = {
    form: name for name, forms in _CLASSES.items() for form in _split(forms)
}
STARTS: frozenset[tuple[str, ...]] = frozenset(_split(_LEADING))
WORDS: frozenset[str] = frozenset(form[0] for form in ENDINGS if len(form) == 1)
_EMPTY = frozenset(("and", "the", "of"))
_LONGEST = max(map(len, ENDINGS))
_LONGEST_START = max(map(len, STARTS))


def replace_native(text: str) -> str:
    """Write legal forms of other scripts with their Latin short form, before transliteration."""
    for native, latin in _NATIVE.items():
        if native not in _CYRILLIC and native in text:
            text = text.replace(native, latin)
    if any("\u0400" <= char <= "\u04ff" for char in text):
        words = (
            _NATIVE[word.lower()] if word.lower() in _CYRILLIC else word for word in text.split()
        )
        text = " ".join(words)
    return text


def strip(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take legal forms off both ends, repeatedly and never to nothing: (what is left, forms)."""
    left = list(words)
    forms: list[str] = []
    changed = True
    while changed and len(left) > 1:
        changed = _strip_end(left, forms) or _strip_start(left)
    return left, forms


def form_class(form: str) -> str:
    """The class of a stripped form ("gmbh" -> "GMBH")."""
    return ENDINGS.get(tuple(form.split()), "OTHER")


def _strip_end(words: list[str], forms: list[str]) -> bool:
    if words[-1] == "and":
        words.pop()
        return True
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        ending = tuple(words[-size:])
        if ending in ENDINGS and any(word not in _EMPTY for word in words[:-size]):
            forms.append(" ".join(ending))
            del words[-size:]
            return True
    return False


def _strip_start(words: list[str]) -> bool:
    if words[0] == "and":
        del words[0]
        return True
    for size in range(min(_LONGEST_START, len(words) - 1), 0, -1):
        if tuple(words[:size]) in STARTS:
            del words[:size]
            return True
    return False
