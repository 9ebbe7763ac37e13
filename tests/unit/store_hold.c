/*
 * Promise: who copies a city waits until no turn is under way, and none begins
 * until he has ended, however he ends.
 */

#include "store/hold.h"
#include "tap.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_turns(const char *folder)
{
    int hands = gl_hold_open(folder), copies = gl_hold_open(folder);

    tap_int(gl_hold_enter(hands), 1, "a turn begins");
    tap_int(gl_hold_take(copies), 0, "who copies waits for it");
    gl_hold_leave(hands);
    tap_int(gl_hold_enter(hands), 0, "and no other begins");
    tap_int(gl_hold_take(copies), 1, "it is his");
    tap_int(gl_hold_enter(hands), 0, "no turn begins");
    close(copies);
    tap_int(gl_hold_enter(hands), 1, "until he has ended");
    gl_hold_leave(hands);
    close(hands);
}

static void
test_killed(const char *folder)
{
    int hands = gl_hold_open(folder), ready[2];
    char byte = 0;
    pid_t child;

    if (pipe(ready) == -1 || (child = fork()) == -1)
        tap_bail("no child");
    if (child == 0) {
        byte = (char) gl_hold_take(gl_hold_open(folder));
        _exit(write(ready[1], &byte, 1) == 1 ? pause() : 1);
    }
    tap_int(read(ready[0], &byte, 1), 1, "another process copies");
    tap_int(byte, 1, "since no turn is under way");
    tap_int(gl_hold_enter(hands), 0, "no turn begins");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    tap_int(gl_hold_enter(hands), 1, "one begins when it is killed");
    close(hands);
}

int
main(void)
{
    const char *folder = tap_dir();

    test_turns(folder);
    test_killed(folder);
    tap_int(gl_hold_open("/nowhere/at/all"), -1, "a folder that is not there");
    return tap_done();
}
