import gzip, itertools, time, resource, io, os, cProfile, pstats
import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from companies.models import Company, CompanyLoad
from companies.services import loads
from prm import due, clock
from users.models import User


def test_bench(own_database):
    n = int(os.environ.get("N", "20000"))
    mia = User.objects.get(email="mia@acme.example")
    f = TemporaryUploadedFile("big.csv", "text/csv", 0, None)
    f.write(b"Name,Website,Country,External ID,Status,City\n")
    import glob

    names = []
    for p in sorted(glob.glob("/work/shared/names/scale_*")):
        op = gzip.open if p.endswith(".gz") else open
        with op(p, "rt") as fh:
            names += [l.strip() for l in itertools.islice(fh, n)]
        if len(names) >= n:
            break
    for i, nm in enumerate(names[:n]):
        f.write(('"%s",d%d.example,US,%d,direct,Bonn\n' % (nm.replace('"', ""), i, i)).encode())
    f.size = f.tell()
    f.file.flush()
    f.seek(0)
    t = time.monotonic()
    load = loads.start_load(f, actor=mia)
    print("upload", time.monotonic() - t, f.size)

    def mem():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def go(what):
        t = time.monotonic()
        m = mem()
        pr = cProfile.Profile() if os.environ.get("PROF") else None
        if pr:
            pr.enable()
        while due.drain(100000):
            pass
        if pr:
            pr.disable()
            pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
        d = time.monotonic() - t
        load.refresh_from_db()
        print(
            what,
            round(d, 1),
            "s",
            round(n / d),
            "rows/s",
            "mem",
            m,
            mem(),
            load.state,
            load.creates,
            load.updates,
            load.errors,
            load.alike,
        )

    loads.map_columns(load, load.mapping, actor=mia)
    go("check")
    loads.begin_loading(CompanyLoad.objects.get(), actor=mia)
    go("load")
    print(load.entries.exclude(cause="").values_list("cause", "shown")[:5])
    print(Company.objects.count())
    if os.environ.get("UNDO"):
        loads.begin_undo(CompanyLoad.objects.get(), actor=mia)
        go("undo")
        print(Company.objects.count())
