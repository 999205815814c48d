# Two stages: the first installs, the second has no compiler, no installer and no root.
FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-uv.txt requirements.txt ./
RUN python -m venv /opt/fieldwork \
    && pip install --no-deps --require-hashes -r requirements-uv.txt \
    && uv pip sync --require-hashes --python /opt/fieldwork/bin/python requirements.txt

FROM python:3.11-slim
# What WeasyPrint draws reports with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core graphviz poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin fieldwork
ENV PATH=/opt/fieldwork/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 \
    FIELDWORK_VAR=/var/lib/fieldwork \
    EVIDENCE_ROOT=/var/lib/fieldwork/evidence \
    TMPDIR=/var/lib/fieldwork/tmp
COPY --from=packages /opt/fieldwork /opt/fieldwork
WORKDIR /app
COPY manage.py ./
COPY config config
COPY compliance compliance
COPY controls controls
COPY evidence evidence
COPY gaps gaps
COPY audits audits
COPY templates templates
COPY static static
# The values are for this one command, reach nothing, and stay in no layer.
RUN SECRET_KEY=build FIELDWORK_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= SITE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/build REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --noinput \
    && python -m compileall -q . \
    && install -d -o fieldwork -g fieldwork -m 0700 /var/lib/fieldwork /var/lib/fieldwork/tmp
USER fieldwork
VOLUME /var/lib/fieldwork
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-m", "config.docker.healthy"]
CMD ["gunicorn", "-c", "python:config.gunicorn"]
