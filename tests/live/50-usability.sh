#!/bin/bash
# also: sanitizers
# On base.ini, as students.ini includes it, daily tools work.
. "$(dirname "$0")/lib.sh"

plan 19
policy_students

check 'bash starts without a word of complaint' test -z \
	"$(as alice 'bash -lic true' 2>&1 | grep -v -e 'job control' -e 'terminal process group')"
has 'an interactive bash completes, keeps history and runs ls' \
	"$(on_pty $'<[$]\s\n>ls -la /usr/lib | tail -n 1 && echo f""ine\r\n<fine\n>exit\r' ssh -tt alice@127.0.0.1)" fine
check 'her history is saved' grep -q 'f""ine' /home/alice/.bash_history

on_pty $'<All|~\n>ihello from vim\x1b:wq\r' ssh -tt alice@127.0.0.1 vi note.txt >/dev/null || :
is 'vi writes a file' "$(cat /home/alice/note.txt)" 'hello from vim'

check 'git init, commit and log' as alice 'git config --global user.email a@example.org &&
	git config --global user.name alice && git init -q repo && cd repo && echo x >x &&
	git add x && git commit -q -m first && git log --oneline | grep -q first'
check 'git clone of a local repository, gc, grep' as alice \
	'git clone -q repo copy && cd copy && git gc -q && git grep -q x'

cat >/home/alice/hello.c <<-'C'
	#include <pthread.h>
	#include <stdio.h>
	static void *thread(void *text) { puts(text); return NULL; }
	int main(void)
	{
		pthread_t t;
		return pthread_create(&t, NULL, thread, "hello from gcc") || pthread_join(t, NULL);
	}
C
is 'gcc builds a program that runs' "$(as alice 'gcc -O2 -Wall -pthread -o hello hello.c && ./hello')" \
	'hello from gcc'
is 'make builds in /tmp' "$(as alice 'mkdir -p /tmp/m && cd /tmp/m && cp ~/hello.c . &&
	make -s hello LDLIBS=-pthread && ./hello; rm -r /tmp/m')" 'hello from gcc'
cat >/home/alice/try.py <<-'PYTHON'
	import multiprocessing, os, socket, subprocess, tempfile, threading

	def double(x):
	    return 2 * x

	if __name__ == "__main__":
	    thread = threading.Thread(target=lambda: None)
	    thread.start()
	    thread.join()
	    assert subprocess.run(["true"]).returncode == 0
	    assert socket.getaddrinfo("localhost", 80)
	    with tempfile.NamedTemporaryFile() as f:
	        f.write(b"x")
	    a, b = socket.socketpair()
	    a.send(b"x")
	    assert b.recv(1) == b"x"
	    with multiprocessing.Pool(2) as pool:
	        assert pool.map(double, [1, 2]) == [2, 4]
	    print("python fine", os.cpu_count() > 0)
PYTHON
is 'python3 runs its own batteries' "$(as alice 'python3 try.py' 2>&1)" 'python fine True'
is 'ssh goes on to an allowed server' \
	"$(as alice 'ssh -o BatchMode=yes -o LogLevel=ERROR -p 443 bob@10.20.0.22 id -un' 2>&1)" bob
check_fails 'ssh does not go on to a port outside the rules' \
	as alice 'ssh -o BatchMode=yes -o ConnectTimeout=5 -p 8080 bob@10.20.0.53 true'
check 'ssh-keygen makes a key' as alice 'ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/second'
check 'tmux keeps a shell in the session' as alice 'tmux -f /dev/null new-session -d -s t &&
	tmux send-keys -t t "echo from tmux >tmux.txt" Enter && for i in $(seq 50); do
	test -s tmux.txt && break; sleep 0.1; done; tmux kill-server; grep -q "from tmux" tmux.txt'
check 'man pages, locale, date, find, tar, gzip' as alice \
	'locale >/dev/null && date >/dev/null && find /usr/share/doc -maxdepth 1 >/dev/null &&
	tar czf t.tgz repo && tar tzf t.tgz >/dev/null && rm t.tgz'
check 'id and getent know the users' as alice 'id bob && getent passwd bob && getent hosts lab'
check 'ps and top see processes' as alice 'ps aux >/dev/null && top -b -n 1 >/dev/null'
as alice 'echo from-her-session | systemd-cat' || :
arrived() { journalctl --sync && journalctl -q -g from-her-session _UID="$(id -u alice)" | grep -q .; }
check 'systemd-cat reaches the journal' wait_until 5 arrived
check '/dev/null, zero, random, shm and the own terminal' as alice \
	'head -c 8 /dev/zero >/dev/null && head -c 8 /dev/urandom >/dev/null &&
	echo x >/dev/shm/alice && rm /dev/shm/alice'
rm -rf /home/alice/{repo,copy,hello,hello.c,try.py,note.txt,tmux.txt}

no_leaks 'nothing is left'
