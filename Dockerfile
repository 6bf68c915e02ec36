# One image for web, worker, beat and `manage.py prepare`; docker-compose.yml says which is which.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/portal
COPY requirements/app.lock requirements/
RUN python -m venv /srv/venv \
 && /srv/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/app.lock
COPY . .
# Message catalogues and collected files are made once, here; neither needs a database.
RUN for source in locale/*/LC_MESSAGES/*.po; do \
      [ ! -e "$source" ] || /srv/venv/bin/pybabel compile -i "$source" -o "${source%.po}.mo"; \
    done \
 && DJANGO_SETTINGS_MODULE=prm.settings.prod PRM_STATIC_ROOT=/srv/static \
    PRM_SECRET_KEY=only-for-this-build-step-and-never-used-to-sign-anything \
    /srv/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
      --ignore django_htmx --ignore bootstrap --ignore MANIFEST.json

FROM python:3.12-slim-bookworm
# Pango lays out PDF documents; the fonts are the portal's own.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=prm.settings.prod \
    PRM_STATIC_ROOT=/srv/static \
    PRM_LOCAL_DIR=/srv/data \
    PRM_MEDIA_ROOT=/srv/data/media
RUN useradd --system --uid 10001 --home-dir /srv/data --create-home portal
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
USER portal
VOLUME /srv/data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "1", "--blocking-threads-idle-timeout", "600", \
     "--respawn-failed-workers", "--workers-kill-timeout", "25", "prm.wsgi:application"]
