# The image that compose.yaml runs: the checkout with its pinned requirements and Airflow.
FROM python:3.11.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 UV_SYSTEM_PYTHON=1 HUIYING_VAR=/var/lib/huiying
WORKDIR /srv/huiying
RUN useradd --system --create-home --uid 10001 huiying && install -d -o huiying /var/lib/huiying
COPY requirements requirements
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && uv pip install --no-cache --require-hashes -r requirements/airflow.txt
COPY . .
RUN uv pip install --no-cache --no-deps --no-build-isolation -e .
USER huiying
CMD ["huiying", "serve", "--host", "0.0.0.0", "--port", "8600"]
