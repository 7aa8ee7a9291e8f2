#!/bin/bash
# Other shells, debuggers and language runtimes: what of theirs touches the filter works on base.ini,
# with a [network] section and the supervisor behind it. perl comes with Debian itself.
. "$(dirname "$0")/lib.sh"

plan 12
policy_students

is 'zsh, interactive: a pipeline and its line editor' \
	"$(as alice 'zsh -ic "print hello | cat; [[ -o zle ]] && print zle" 2>/dev/null' | xargs)" 'hello zle'

cat >/home/alice/own.c <<-'C'
	#include <stdio.h>
	int answer = 42;
	int main(void) { printf("answer %d\n", answer); return 0; }
C
check 'gcc -g' as alice 'gcc -g -o own own.c'
has 'gdb on a child of its own: a breakpoint and a variable' \
	"$(as alice 'gdb -q -batch -ex "break main" -ex run -ex "print answer" -ex continue ./own' 2>&1)" '= 42'
has 'gdb attaches to another process of the session' \
	"$(as alice 'sleep 60 & gdb -q -batch -p $! -ex detach; kill $!' 2>&1)" 'detached]'
has 'strace follows children' "$(as alice 'strace -f -e trace=execve sh -c "ls >/dev/null; true"' 2>&1)" '/usr/bin/ls'
has 'strace attaches, too' "$(as alice 'sleep 60 & strace -p $! 2>&1 | (head -n 1; kill $!)')" attached

# shellcheck disable=SC2016
is 'make -j runs jobs side by side' "$(as alice 'mkdir -p m && cd m && for i in $(seq 12); do echo "int f$i;" >f$i.c; done
	printf "all: \$(patsubst %%.c,%%.o,\$(wildcard *.c))\n" >Makefile
	make -s -j4 && ls *.o | wc -l; cd; rm -r m' 2>&1)" 12

cat >/home/alice/try.py <<-'PYTHON'
	import concurrent.futures, multiprocessing, threading

	def double(x):
	    return 2 * x

	if __name__ == "__main__":
	    with concurrent.futures.ProcessPoolExecutor(2) as pool:
	        assert list(pool.map(double, range(9))) == [2 * x for x in range(9)]
	    with concurrent.futures.ThreadPoolExecutor(8) as pool:
	        assert sum(pool.map(double, range(99))) == 9702
	    for method in "fork", "spawn", "forkserver":
	        context = multiprocessing.get_context(method)
	        value, lock = context.Value("i", 0), context.Lock()
	        process = context.Process(target=double, args=(1,))
	        process.start()
	        process.join()
	        assert process.exitcode == 0, method
	    queue = multiprocessing.Queue()
	    queue.put("python fine")
	    print(queue.get())
PYTHON
is 'python: pools, three ways to start processes, locks and queues' "$(as alice 'python3 try.py' 2>&1)" 'python fine'

cat >/home/alice/try.js <<-'JS'
	const { Worker } = require("worker_threads");
	const { execFileSync } = require("child_process");
	const worker = new Worker("require('worker_threads').parentPort.postMessage(2 * 21)", { eval: true });
	worker.on("message", async (m) => {
	  const text = await require("fs").promises.readFile("own.c", "utf8");
	  console.log("node", m, execFileSync("echo", ["child"]).toString().trim(), text.length > 10);
	});
JS
is 'node: a worker thread, a child, files' "$(as alice 'node try.js' 2>&1)" 'node 42 child true'
is 'perl: fork, wait and a pipe' \
	"$(as alice 'perl -e "open(my \$p, q(-|), q(echo), q(piped)); print <\$p>; close \$p; exit 3 unless fork; wait; print \$? >> 8"' 2>&1 | xargs)" \
	'piped 3'
is 'sftp to the session: a file goes up' \
	"$(echo 'put /etc/debian_version up' | sftp -q -b - alice@127.0.0.1 >/dev/null 2>&1; cat /home/alice/up)" \
	"$(cat /etc/debian_version)"
rm -rf /home/alice/{own,own.c,try.py,try.js,up}
no_leaks 'nothing is left'
