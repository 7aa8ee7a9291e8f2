# fish completion for sandlock-admin(8)
# SPDX-License-Identifier: LGPL-2.1-or-later
# Made from the tables of the tool by tests/admin/completions.py --update.

# The command on the line, once it is complete.
function __sandlock_admin_command
    set -l words (commandline -opc)
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if test "$word" = --root
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __sandlock_admin_is
    test "$(__sandlock_admin_command)" = $argv[1]
end

# Whether the word is operand number $argv[2] of a command, or beyond it with a third argument; the
# options that take a value are in the fourth and later ones.
function __sandlock_admin_at
    __sandlock_admin_is $argv[1]; or return 1
    set -l words (commandline -opc)
    set -l n -1
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word --root $argv[4..-1]
            set skip 1
        else if not string match -q -- '-*' $word
            set n (math $n + 1)
        end
    end
    test $n -eq $argv[2]; or test $argv[3] = more -a $n -gt $argv[2]
end

function __sandlock_admin_sessions
    sandlock-admin sessions --json 2>/dev/null | string match -ar '"session": *"[0-9a-f]{32}"' |
        string match -ar '[0-9a-f]{32}'
end

complete -c sandlock-admin -f
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l json -d 'print JSON'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l help -s h -d 'print this help'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -l version -d 'print the version'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a check -d 'Says what is wrong with policy files'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a show -d 'Shows the policy that is in force'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a test -d 'Says what a session may do, and by which rule'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a run -d 'Runs a command under a policy'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a sessions -d 'Shows the confined sessions'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a status -d 'Shows one confined session'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a log -d 'Shows the events of confined sessions'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a why -d 'Says why something was denied'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a suggest -d 'Proposes policy lines for what was denied'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a terminate -d 'Ends confined sessions'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a lock -d 'Keeps a user out'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a unlock -d 'Lets a locked user in again'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a keys -d 'Lists the keys of the policy language'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a sets -d 'Lists the sets of system calls'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a filter -d 'Shows the system-call filters of a session'
complete -c sandlock-admin -n 'not __sandlock_admin_command' -a doctor -d 'Says what keeps policies from holding here'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l all -s a -d 'every file of the live folders, ownership included'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l this-kernel -s k -d 'also what this kernel cannot enforce'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l strict -s s -d 'warnings fail'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is check' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at check 0 more --root' -a '(__fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l service -x -a '(path basename /etc/pam.d/*)' -d 'as for a login by this PAM service'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l diff -x -a '(__fish_complete_path (commandline -ct))' -d 'what would widen and narrow with FILE instead'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is show' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at show 0 only --service --diff --root' -a '(__fish_complete_users; __fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l service -x -a '(path basename /etc/pam.d/*)' -d 'as for a login by this PAM service'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l matrix -x -a '(__fish_complete_path (commandline -ct))' -d 'ask what a table of expectations says'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is test' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at test 0 only --service --matrix --root' -a '(__fish_complete_users; __fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_at test 1 only --service --matrix --root' -a 'read write execute connect bind unix syscall'
complete -c sandlock-admin -n '__sandlock_admin_at test 2 more --service --matrix --root' -a '(__fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_is run' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is run' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is run' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is run' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is run' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at run 0 only' -a '(__fish_complete_users; __fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_at run 1 only' -a '(__fish_complete_command)'
complete -c sandlock-admin -n '__sandlock_admin_at run 2 more' -a '(__fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l all -s a -d 'closed sessions too'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l user -s u -x -a '(__fish_complete_users)' -d 'only this user\'s'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l directory -s D -x -a '(__fish_complete_directories (commandline -ct))' -d 'read the journal files in DIR'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l merge -s m -d 'other hosts\' journals too'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is sessions' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l directory -s D -x -a '(__fish_complete_directories (commandline -ct))' -d 'read the journal files in DIR'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l merge -s m -d 'other hosts\' journals too'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is status' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at status 0 only --directory -D --root' -a '(__sandlock_admin_sessions)'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l follow -s f -d 'go on with what comes'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l lines -s n -x -d 'only the last N events'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l since -s S -x -a 'now today yesterday' -d 'not before; "2026-11-22 10:00", today, -2h, @SECONDS'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l until -s U -x -a 'now today yesterday' -d 'not after'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l user -s u -x -a '(__fish_complete_users)' -d 'only this user\'s'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l session -s s -x -a '(__sandlock_admin_sessions)' -d 'only this session\'s; 8 digits will do'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l denials -s d -d 'only denials'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l directory -s D -x -a '(__fish_complete_directories (commandline -ct))' -d 'read the journal files in DIR'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l merge -s m -d 'other hosts\' journals too'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is log' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l last -s l -d 'the last denial'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l user -s u -x -a '(__fish_complete_users)' -d 'the last one of this user'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l directory -s D -x -a '(__fish_complete_directories (commandline -ct))' -d 'read the journal files in DIR'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l merge -s m -d 'other hosts\' journals too'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is why' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l user -s u -x -a '(__fish_complete_users)' -d 'what was denied to this user'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l session -s s -x -a '(__sandlock_admin_sessions)' -d 'what was denied in this session'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l since -s S -x -a 'now today yesterday' -d 'not before, as for log'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l until -s U -x -a 'now today yesterday' -d 'not after'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l min-sessions -x -d 'only what so many sessions were denied'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l directory -s D -x -a '(__fish_complete_directories (commandline -ct))' -d 'read the journal files in DIR'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l merge -s m -d 'other hosts\' journals too'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is suggest' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l user -s u -x -a '(__fish_complete_users)' -d 'all sessions of this user'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is terminate' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at terminate 0 more --user -u' -a '(__sandlock_admin_sessions)'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l for -x -a 'now today yesterday' -d 'how long: 90s, 30min, 2h, 3d'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l reason -x -d 'for the log'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is lock' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at lock 0 only --for --reason' -a '(__fish_complete_users)'
complete -c sandlock-admin -n '__sandlock_admin_is unlock' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is unlock' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is unlock' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is unlock' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is unlock' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at unlock 0 only' -a '(__fish_complete_users)'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is keys' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at keys 0 only --root' -a 'policy filesystem network ipc syscalls log lint sandlock'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is sets' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at sets 0 only --root' -a '@default @aio @basic-io @chown @clock @cpu-emulation @debug @file-system @io-event @ipc @keyring @memlock @module @mount @network-io @obsolete @pkey @privileged @process @raw-io @reboot @resources @sandbox @setuid @signal @swap @sync @system-service @timer @known'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l bpf -d 'the base filter as raw BPF'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l second -d 'with --bpf: the second filter, of [syscalls]'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l service -x -a '(path basename /etc/pam.d/*)' -d 'as for a login by this PAM service'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is filter' -l version -d 'print the version'
complete -c sandlock-admin -n '__sandlock_admin_at filter 0 only --service --root' -a '(__fish_complete_users; __fish_complete_path (commandline -ct))'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l pam -s p -d 'only the ways in and the ways round'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l json -d 'print JSON'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'look at another file-system root'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l no-color -d 'no colours, as with NO_COLOR in the environment'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l no-pager -d 'print to the terminal, without a pager'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l help -s h -d 'print this help'
complete -c sandlock-admin -n '__sandlock_admin_is doctor' -l version -d 'print the version'
