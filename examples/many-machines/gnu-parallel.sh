#!/bin/bash
# A study by GNU parallel, on this machine or on those in a file of hosts that see the same folder.
#
#   ./gnu-parallel.sh studies/record.json
#   ./gnu-parallel.sh studies/record.json --sshloginfile hosts.txt
#
# Run the same line again to go on: what is done is skipped.

set -eu -o pipefail
study=${1:?give the file that declares the study}
shift
folder=runs/$(basename "$study" .json)
export PATH="$PWD/node_modules/.bin:$PATH"

# One run a core; one that fails is tried once more. The last one to end writes the report.
timegrid study "$study" --folder "$folder" --list | cut -d ' ' -f 1 |
  parallel --jobs 100% --workdir "$PWD" --env PATH --retries 2 --line-buffer --tag "$@" \
    timegrid study "$study" --folder "$folder" --jobs 1 --only {}
