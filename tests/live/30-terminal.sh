#!/bin/bash
# Job control, signals and hang-ups work on a confined terminal as on any other.
. "$(dirname "$0")/lib.sh"

plan 11
policy_students

# The job says when it runs and when it was continued, and each step waits for that: a ^Z or ^C
# typed before the job has the terminal is lost. Not dash: stopped in its vfork it stops its parent.
cat >/tmp/job <<-'JOB'
	trap 'echo job continued' CONT
	echo job started
	while [[ ! -e /tmp/job-go ]]; do sleep 0.1; done
	trap - CONT
	read -r line
	echo "job read $line"
	while :; do sleep 0.1; done
JOB
job_control='<[$]\s
>bash /tmp/job\r
<job started
>\x1a
<Stopped
>bg\r
<job continued
>jobs\r
<Running
>touch /tmp/job-go; fg\r
<bash /tmp/job\r
>from the terminal\r
<job read from the terminal
>\x03
<[$]\s
>kill -0 $$ && echo alive\r
<alive\r
>exit 7\r'

for way in 'ssh -tt alice@127.0.0.1' 'su - alice' 'login -f alice'; do
	status=0
	# shellcheck disable=SC2086
	rm -f /tmp/job-go
	output=$(on_pty "$job_control" $way) || status=$?
	# login reports its own success, not the shell's.
	[[ $way != login* || $status != 0 ]] || status=7
	if ((status == 7)); then ok "$way: job control"; else not_ok "$way: job control" "$output"; fi
done

rm -f /tmp/job /tmp/job-go

outside=(setpriv --reuid alice --regid alice --init-groups)
# Foreground children may signal each other, nobody outside.
alices=$("${outside[@]}" bash -c 'sleep 300 >/dev/null 2>&1 & echo $!')
check_fails 'alice cannot signal her own process outside the session' as alice "kill $alices"
check 'it is alive' kill -0 "$alices"
check 'the same without a policy' "${outside[@]}" kill "$alices"

has 'the window size arrives' \
	"$(on_pty $'<[$]\s\n>stty rows 33; stty size; exit\\r' ssh -tt alice@127.0.0.1)" '33 '
has 'the terminal is hers' \
	"$(on_pty $'<[$]\s\n>test -O $(tty) -a -w $(tty) && echo o""wned; exit\\r' ssh -tt alice@127.0.0.1)" \
	owned
has 'script(1) makes a terminal inside' "$(as alice 'script -qc "tty; echo in""side" /dev/null')" inside

# A closed terminal ends all that ran on it.
on_pty $'<[$]\s\n>echo r""eady; sleep 301\\r\n<ready\n~' ssh -tt alice@127.0.0.1 >/dev/null 2>&1 || :
check 'a hang-up ends the session' wait_until 5 bash -c '! pgrep -u alice'

no_leaks 'nothing is left'
