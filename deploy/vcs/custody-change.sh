#!/bin/sh
# Tells Custody of commits, with files, message and trailers: as a post-receive hook (old, new and ref on standard input), or in CI:
#   custody-change.sh <revision or range> [branch]
# CUSTODY_URL             where the collector listens; default http://127.0.0.1:4318
# CUSTODY_OBSERVER_KEY    an observer's key, that no agent's account can read
# CUSTODY_REPO            the repository's name, as sessions report it; default: from `origin`, else the folder's
# CUSTODY_PROTECTED       names of branches that take changes through a review only, separated by spaces; default: main
# Of a merge, where the forge knows them: CUSTODY_PR (number), CUSTODY_PR_HEAD, CUSTODY_MERGED_BY, CUSTODY_MERGED_TS,
# CUSTODY_REVIEWERS (people who approved this head) and CUSTODY_CHECKS (name=passed|failed|skipped|pending), separated by spaces.
set -eu

url=${CUSTODY_URL:-http://127.0.0.1:4318}
: "${CUSTODY_OBSERVER_KEY:?an observer key is needed}"
none=0000000000000000000000000000000000000000
list_max=1000

# One JSON string of standard input. Control characters other than tab and line end are left out.
json() {
  tr -d '\000-\010\013-\037' |
    awk 'BEGIN { printf "\"" } NR > 1 { printf "\\n" }
      { gsub(/\\/, "&&"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); printf "%s", $0 } END { printf "\"" }'
}

text() { printf '%s' "$1" | json; }

repo_name() {
  origin=$(git config --get remote.origin.url || true)
  if [ -n "$origin" ]; then
    printf '%s' "$origin" | sed -e 's#^[a-z+]*://[^/]*/##' -e 's#^[^/:]*:##' -e 's#\.git/*$##'
  else
    top=$(git rev-parse --show-toplevel 2> /dev/null || git rev-parse --absolute-git-dir)
    basename "$top" .git
  fi
}
repo=${CUSTODY_REPO:-$(repo_name)}

is_protected() {
  for name in ${CUSTODY_PROTECTED:-main}; do [ "$name" = "$1" ] && return 0; done
  return 1
}

# Lines of `added removed path` as a JSON list; binary files have no counts.
files() {
  awk -F '\t' 'BEGIN { printf "[" }
    {
      path = $3; gsub(/\\/, "&&", path); gsub(/"/, "\\\"", path)
      printf "%s{\"path\":\"%s\"", (NR > 1 ? "," : ""), path
      if ($1 != "-") printf ",\"added\":%s,\"removed\":%s", $1, $2
      printf "}"
    } END { printf "]" }'
}

changed() {
  if git rev-parse --quiet --verify "$1^" > /dev/null; then
    git -c core.quotePath=false diff --numstat --no-renames "$1^" "$1"
  else
    git -c core.quotePath=false diff-tree --root --no-commit-id --numstat --no-renames -r "$1"
  fi
}

words() { # a JSON list of the words of $1, each printed by the function $2
  printf '['
  comma=
  for word in $1; do
    printf '%s' "$comma"
    "$2" "$word"
    comma=,
  done
  printf ']'
}
reviewer() { printf '{"id":%s,"kind":"human","verdict":"approved"}' "$(text "$1")"; }
check() { printf '{"name":%s,"status":%s}' "$(text "${1%%=*}")" "$(text "${1##*=}")"; }

# The body for one commit: revision, branch, rewritten, merged_by, merged_ts.
body() {
  printf '{"repo":%s,"commit":"%s","committed_ts":"%s"' \
    "$(text "$repo")" "$1" "$(git log -1 --format=%cI "$1")"
  printf ',"tree_digest":"%s","parents":%s' \
    "$(git log -1 --format=%T "$1")" "$(words "$(git log -1 --format=%P "$1")" text)"
  printf ',"author":{"name":%s,"email":%s}' \
    "$(git log -1 --format=%an "$1" | json)" "$(git log -1 --format=%ae "$1" | json)"
  printf ',"committer":{"name":%s,"email":%s}' \
    "$(git log -1 --format=%cn "$1" | json)" "$(git log -1 --format=%ce "$1" | json)"
  printf ',"message":%s,"files":%s' "$(git log -1 --format=%B "$1" | json)" "$(changed "$1" | files)"
  if [ -n "$2" ]; then
    printf ',"branch":%s' "$(text "$2")"
    if is_protected "$2"; then printf ',"protected":true'; else printf ',"protected":false'; fi
  fi
  [ -z "$3" ] || printf ',"rewritten":%s' "$3"
  [ -z "$4" ] || printf ',"merged_by":%s' "$(text "$4")"
  [ -z "$5" ] || printf ',"merged_ts":%s' "$(text "$5")"
  if [ -n "${CUSTODY_PR:-}" ]; then
    printf ',"pr":{"number":%s' "$CUSTODY_PR"
    [ -z "${CUSTODY_PR_HEAD:-}" ] || printf ',"head":%s' "$(text "$CUSTODY_PR_HEAD")"
    printf '}'
  fi
  [ -z "${CUSTODY_REVIEWERS+set}" ] || printf ',"reviewers":%s' "$(words "$CUSTODY_REVIEWERS" reviewer)"
  [ -z "${CUSTODY_CHECKS+set}" ] || printf ',"checks":%s' "$(words "$CUSTODY_CHECKS" check)"
  printf '}'
}

# The key stays out of the list of processes.
post() {
  printf 'header = "Authorization: Bearer %s"\n' "$CUSTODY_OBSERVER_KEY" |
    curl --config - --fail --silent --show-error --output /dev/null \
      -H "Content-Type: application/json" --data-binary "@$1" "$url/v1/changes"
}

report() { # revision, branch, rewritten, merged_by, merged_ts
  work=$(mktemp)
  body "$@" > "$work"
  if post "$work"; then rm -f "$work"; else
    rm -f "$work"
    echo "custody: commit $1 was not reported" >&2
    failed=1
  fi
}

# A push that reaches a protected branch is a merge; whoever pushed merged it.
received() { # old new branch
  rewritten=false
  if [ "$1" != "$none" ] && ! git merge-base --is-ancestor "$1" "$2"; then rewritten=true; fi
  merged_by=
  merged_ts=
  if is_protected "$3"; then
    merged_by=${CUSTODY_MERGED_BY:-${GL_USERNAME:-${REMOTE_USER:-${USER:-unknown}}}}
    merged_ts=${CUSTODY_MERGED_TS:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
  fi
  range=$2
  [ "$1" = "$none" ] || range=$1..$2
  for commit in $(git rev-list --reverse --max-count=$list_max "$range"); do
    report "$commit" "$3" "$rewritten" "$merged_by" "$merged_ts"
  done
}

failed=0
if [ $# -gt 0 ]; then
  case $1 in *..*) list=$(git rev-list --reverse --max-count=$list_max "$1") ;; *) list=$(git rev-parse "$1^{commit}") ;; esac
  for commit in $list; do
    report "$commit" "${2:-}" "" "${CUSTODY_MERGED_BY:-}" "${CUSTODY_MERGED_TS:-}"
  done
else
  while read -r old new ref; do
    case $ref in refs/heads/*) ;; *) continue ;; esac
    [ "$new" = "$none" ] || received "$old" "$new" "${ref#refs/heads/}"
  done
fi
exit $failed
