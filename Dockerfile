# The worker, and with other commands the command line (which also sets the server up) and the stand-in bank. Not built
# where it was written: no container engine there. tests/deploy holds it to what the programs import.
FROM python:3.12-slim AS packages
COPY requirements.lock .
# Wheels only: no compiler, and no code of a package runs while the image is made.
RUN python -m venv /opt/python \
    && /opt/python/bin/pip install --no-cache-dir --disable-pip-version-check \
       --require-hashes --only-binary :all: --requirement requirements.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home complaints \
    && install --directory --owner complaints --mode 0700 /data
COPY --from=packages /opt/python /opt/python
ENV PATH=/opt/python/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Where the worker answers Prometheus and health checks; published by nobody but who wants to.
ENV COMPLAINTS_WORKER_METRICS_ADDRESS=0.0.0.0:9464 COMPLAINTS_WORKER_HEALTH_ADDRESS=0.0.0.0:8081
WORKDIR /app
COPY rulepacks rulepacks
COPY domain domain
COPY activities activities
COPY workflows workflows
COPY client client
COPY intake intake
COPY service service
COPY cli cli
COPY reporting reporting
COPY bank bank
COPY deploy/standin.py deploy/
COPY worker.py starter.py logs.py ./
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "worker.py"]
