# A grading host: everything that `autograder` needs, run by an ordinary user. See docs/web.md.
#   docker build -t chainrule . && docker run --rm --network none chainrule doctor
# BASE is any image with Python 3.11 or newer, its venv module, and make.
ARG BASE=python:3.12-slim-bookworm
FROM ${BASE} AS build
ARG PIP_INDEX_URL
ENV PIP_INDEX_URL=${PIP_INDEX_URL} PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/chainrule
RUN python3 -m venv /opt/venv
COPY pyproject.toml README.md LICENSE ./
COPY autograder autograder
COPY reference_impl reference_impl
RUN /opt/venv/bin/pip install --quiet -e .

FROM ${BASE}
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/chainrule /opt/chainrule
COPY course /opt/chainrule/course
# /class is where your nbgrader course is mounted, and the user's home: caches, settings.
RUN useradd --create-home --uid 1000 grader && mkdir /class && chown grader /class
USER grader
WORKDIR /class
ENTRYPOINT ["autograder"]
CMD ["--help"]
