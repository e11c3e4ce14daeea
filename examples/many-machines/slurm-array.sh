#!/bin/bash
# A study as a Slurm job array: each task does its part of the runs, in a folder that every node sees.
#
#   sbatch --array=1-40 slurm-array.sh studies/record.json
#
# Submit the same line again to go on: what is done is skipped. More runs than tasks are shared out evenly.

#SBATCH --job-name=timegrid
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --output=timegrid-%A-%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
# Two minutes before the time is over, timegrid is told to stop: it saves the training.
#SBATCH --signal=TERM@120

study=${1:?give the file that declares the study}
folder=${2:-runs/$(basename "$study" .json)}
PATH="$PWD/node_modules/.bin:$PATH"

srun timegrid study "$study" --folder "$folder" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --only "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
code=$?

# 143: stopped by that signal, and saved. The task gets another turn, and resumes.
if [ "$code" -eq 143 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
fi
exit "$code"
